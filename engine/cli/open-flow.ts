import { selectSyncs } from "../config/select-syncs.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import type { EngineDeps } from "../sync/engine-deps.ts";
import type { Context } from "./context.ts";
import { depsOf } from "./deps-of.ts";
import { openEngine } from "./open-engine.ts";
import { requireSound } from "./problems-error.ts";
import { newProgress } from "./progress.ts";

export interface Flow {
  readonly syncs: readonly SyncSpec[];
  readonly deps: EngineDeps;
}

/** Opens the project, selects the named syncs (all when none is named), and hands the work what it
 *  needs; closes everything however the work ends. Throws for problems in the selected specs. */
export async function withFlow<T>(
  context: Context,
  names: readonly string[],
  work: (flow: Flow) => Promise<T>,
): Promise<T> {
  const engine = await openEngine(context);
  const progress = newProgress(context);
  try {
    const selected = selectSyncs(engine.loaded, names);
    requireSound(selected.diagnostics);
    const deps = await depsOf(engine, context, progress.show);
    return await work({ syncs: selected.syncs, deps });
  } finally {
    progress.end();
    await engine.close();
  }
}
