import { isoNow } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import { withinMaxFailed } from "../plan/guards.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunState } from "../state/state-store.ts";
import { countRun, type RunCounts } from "./count-run.ts";
import { type FailReason, NO_FAILED_FILE, writeFailedFile } from "./failed-file.ts";
import type { RunDeps } from "./run-deps.ts";
import { hasEnded, isRefusal } from "./why-stopped.ts";

export interface RunEnd {
  readonly state: RunState;
  readonly counts: RunCounts;
  readonly error: EngineError | null;
  readonly ended: boolean;
  readonly reasons: readonly FailReason[];
  readonly warnings: readonly string[];
}

/** Sums a run up and saves it: counts, state, failed.csv when it has ended, and why it stopped. */
export async function finishRun(
  deps: RunDeps,
  failure: EngineError | null,
  facts: { readonly apiCalls: number; readonly elapsedMs: number },
): Promise<RunEnd> {
  const chunks = await deps.store.listChunks(deps.runId);
  const counts = countRun(deps.plan, chunks);
  const ended = hasEnded(failure, chunks, deps.plan);
  const state = ended ? endState(counts, failure) : "inFlight";
  const error = ended
    ? (howToGoOn(failure, `sluice run ${deps.plan.plan.sync}`) ?? rowsError(deps.plan, counts))
    : asResumable(howToGoOn(failure, `sluice resume ${deps.runId}`));
  const failed = ended ? await writeFailedFile(chunks, deps) : NO_FAILED_FILE;
  const change = {
    state,
    ended,
    counts,
    files: { failed: failed.file, invalid: deps.plan.plan.invalidFile },
    apiCalls: facts.apiCalls,
    elapsedMs: facts.elapsedMs,
    endedAt: ended ? isoNow(deps.clock) : null,
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    warnings: deps.warnings,
  };
  await deps.store.updateRun(deps.lease, deps.runId, change, failed.publish);
  if (ended) deps.folder.removeForResume();
  return { state, counts, error, ended, reasons: failed.reasons, warnings: deps.warnings };
}

/** A refusal says what is to be mended; the command that then goes on depends on how the run ended. */
function howToGoOn(failure: EngineError | null, command: string): EngineError | null {
  if (!isRefusal(failure)) return failure;
  const { code, message, salesforceCode, retryAfterMs } = failure;
  const rest = salesforceCode === null ? {} : { salesforceCode };
  return new EngineError(code, message, {
    hint: `${failure.hint === null ? "" : `${failure.hint}\n`}What the org took is saved. When the cause is mended:\n    ${command}`,
    cause: failure,
    retryAfterMs,
    ...rest,
  });
}

/** An org that can't be reached is a failure of a command, but to a run that has begun it is a pause. */
function asResumable(failure: EngineError | null): EngineError | null {
  if (failure === null || failure.code !== "SF_UNREACHABLE") return failure;
  return new EngineError("RUN_IN_FLIGHT", failure.message, {
    hint: `${failure.hint ?? ""}\nWhat was sent is saved. When the org can be reached again:\n    sluice resume`,
    cause: failure,
  });
}

function endState(counts: RunCounts, failure: EngineError | null): RunState {
  if (failure?.code === "RUN_JOB_FAILED" || isRefusal(failure))
    return counts.succeeded > 0 ? "partial" : "failed";
  if (failure !== null) return "partial";
  const missed = counts.failed + counts.invalid + counts.unprocessed + counts.unknown;
  if (missed === 0) return "succeeded";
  return counts.succeeded > 0 ? "partial" : "failed";
}

/** Rows that count against maxFailed: SEMANTICS "Guards, states, exits". */
function missedRows(
  counts: Pick<RunCounts, "failed" | "invalid" | "unprocessed" | "unknown" | "duplicate">,
  duplicates: RunPlan["duplicates"],
): number {
  const { failed, invalid, unprocessed, unknown, duplicate } = counts;
  return failed + invalid + unprocessed + unknown + (duplicates === "reject" ? duplicate : 0);
}

/** The error of a run whose misses pass maxFailed; null within it. */
export function rowsError(plan: RunPlan, counts: RunCounts): EngineError | null {
  const missed = missedRows(counts, plan.duplicates);
  if (withinMaxFailed(plan.maxFailed, missed, counts.source)) return null;
  const parts = (["failed", "invalid", "duplicate", "unprocessed", "unknown"] as const)
    .filter((name) => counts[name] > 0 && (name !== "duplicate" || plan.duplicates === "reject"))
    .map((name) => `${counts[name]} ${name}`);
  return new EngineError(
    "RUN_ROWS_FAILED",
    `${missed} of ${counts.source} rows did not arrive: ${parts.join(", ")}.`,
    {
      hint: `${counts.sent > 0 ? "All other rows were sent. " : ""}Mend the listed rows and run again; only they are sent then.`,
    },
  );
}
