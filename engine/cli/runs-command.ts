import { countText, durationText } from "../report/number-text.ts";
import { stateText } from "../report/run-text.ts";
import { stdTable } from "../report/table.ts";
import type { RunCounts } from "../run/count-run.ts";
import type { RunRow } from "../state/state-store.ts";
import type { Context } from "./context.ts";
import { requireKnownSync } from "./known-sync.ts";
import { openEngine } from "./open-engine.ts";
import { type CommandResult, success } from "./result.ts";

/** History, newest first. */
export async function runsCommand(
  options: { readonly sync: string | null; readonly limit: number },
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  try {
    const store = await engine.store();
    const { sync, limit } = options;
    if (sync !== null) await requireKnownSync(sync, engine, store);
    const runs = await store.listRuns({ ...(sync === null ? {} : { sync }), limit });
    const text = stdTable(
      ["run", "sync", "org", "state", "sent", "succeeded", "failed", "took"],
      runs.map((run) => {
        const counts = run.counts as RunCounts | null;
        return [
          run.id,
          run.sync,
          run.org,
          stateText(run.state),
          counted(counts?.sent),
          counted(counts?.succeeded),
          counted(counts?.failed),
          durationText(run.elapsedMs),
        ];
      }),
      context.width,
    );
    return success({ runs: runs.map(summary) }, runs.length === 0 ? "No run yet.\n" : text);
  } finally {
    await engine.close();
  }
}

function counted(count: number | undefined): string {
  return count === undefined ? "" : countText(count);
}

export function summary(run: RunRow) {
  return {
    runId: run.id,
    sync: run.sync,
    org: run.org,
    orgId: run.orgId,
    command: run.command,
    state: run.state,
    ended: run.ended,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    counts: run.counts,
    files: run.files,
    apiCalls: run.apiCalls,
    elapsedMs: run.elapsedMs,
    error: run.error,
    warnings: run.warnings,
  };
}
