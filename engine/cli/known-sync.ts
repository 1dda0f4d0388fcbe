import { EngineError } from "../base/engine-error.ts";
import { didYouMean } from "../base/suggest.ts";
import type { StateStore } from "../state/state-store.ts";
import type { OpenEngine } from "./open-engine.ts";

/** Throws CONFIG_SYNC_UNKNOWN for a name that is no sync of the project, nor one that the state
 *  remembers from before it was taken away. */
export async function requireKnownSync(
  sync: string,
  { project, loaded }: OpenEngine,
  store: StateStore,
): Promise<void> {
  const own = [
    ...project.syncs.map(({ name }) => name),
    ...loaded.broken.flatMap(({ name }) => (name === null ? [] : [name])),
  ];
  const remembered = (await store.listStreams()).map((stream) => stream.sync);
  const known = new Set([...own, ...remembered]);
  if (known.has(sync)) return;
  const list =
    known.size === 0 ? "It has none yet." : `Its syncs are: ${[...known].sort().join(", ")}.`;
  throw new EngineError("CONFIG_SYNC_UNKNOWN", `No sync of this project is called "${sync}".`, {
    hint: didYouMean(sync, known) ?? list,
  });
}
