import type { EngineDeps } from "../sync/engine-deps.ts";
import type { Context } from "./context.ts";
import type { OpenEngine } from "./open-engine.ts";
import { stageThread } from "./stage-thread.ts";

/** What the flow is handed. Opens the state. */
export async function depsOf(
  engine: OpenEngine,
  context: Context,
  onProgress: EngineDeps["onProgress"],
): Promise<EngineDeps> {
  const { clock, freeBytes, signal } = context;
  const { project, connect } = engine;
  const store = await engine.store();
  return {
    project,
    store,
    clock,
    freeBytes,
    connect,
    stageThread: stageThread(),
    signal,
    onProgress,
  };
}
