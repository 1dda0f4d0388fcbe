import path from "node:path";
import { isoNow } from "../base/clock.ts";
import { makeFolder, writeDurably } from "../base/durable-file.ts";
import { asEngineError, EngineError } from "../base/engine-error.ts";
import { newRunId } from "../base/ids.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import { removeUnfinished } from "../run/chunk-writer.ts";
import { countRun } from "../run/count-run.ts";
import { rowsError } from "../run/finish-run.ts";
import { withLease } from "../run/keep-lease.ts";
import { runFolder } from "../run/run-folder.ts";
import { stageKept } from "../run/stage-ahead.ts";
import type { StagedChunk } from "../run/stage-chunks.ts";
import type { Lease, RunChange } from "../state/state-store.ts";
import { carryOut } from "./carry-out.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { judgePlan, judgeRoom, judgeSaved, withOverrides } from "./judge-plan.ts";
import { type KnownReading, keepReading } from "./known-reading.ts";
import { mirrorRun } from "./mirror-run.ts";
import { openStreamOf, type PlannedSync, planSync } from "./plan-sync.ts";
import type { PreparedSync } from "./prepare-sync.ts";
import { resumeRun } from "./resume-run.ts";
import { runDepsOf, runsFolder } from "./run-deps-of.ts";
import { blocked, fromEnd, type RunReport, withoutRun } from "./run-report.ts";
import { stagePlanned } from "./stage-planned.ts";
import { storeIds } from "./stored-ids.ts";
import { tidyState } from "./tidy-state.ts";

export interface RunOptions {
  readonly command: string;
  readonly full: boolean;
  readonly approve: boolean;
  /** Guards that are overridden once. */
  readonly override: readonly string[];
  readonly resendUnknown: boolean;
  /** The org named on the command line, for the commands that hints offer; null: none was. */
  readonly org: string | null;
  /** The plan that was saved for this sync: it is done exactly, or refused. Null: none was. */
  readonly saved: SyncPlan | null;
}

/** Plans one sync and applies the plan. First finishes a run of it that a dead process left; if that
 *  is still in flight, gives it back without planning. What `mirror` does with records that left the
 *  source is a second report. Never throws for what the org or the rows did: that is in the report. */
export async function runSync(
  prepared: PreparedSync,
  deps: EngineDeps,
  options: RunOptions,
): Promise<readonly RunReport[]> {
  const { org } = prepared;
  try {
    const stream = await openStreamOf(prepared, deps.store);
    return await withLease(stream.id, deps, async (lease, signal) => {
      const own = { ...deps, signal };
      const unfinished = await deps.store.unfinishedRun(stream.id);
      const finished =
        unfinished === null ? null : await resumeRun(unfinished, org, lease, own, options);
      if (finished !== null && !finished.ended) return [finished];
      await tidyState(lease, own);
      const { report, mirrored, known } = await planAndExecute(prepared, lease, own, options);
      const notes = finished === null ? [] : [finishedFirst(finished)];
      notes.push(...(await tidyAfterwards(known, lease, own)));
      const first = { ...report, warnings: [...notes, ...report.warnings] };
      return mirrored === null ? [first] : [first, mirrored];
    });
  } catch (error) {
    return [beforeItBegan(prepared, asEngineError(error))];
  }
}

/** The run is over, whatever becomes of this: the next one tries again. */
async function tidyAfterwards(
  known: KnownReading | null,
  lease: Lease,
  deps: EngineDeps,
): Promise<string[]> {
  try {
    if (known !== null) await keepReading(known, lease, deps);
    await tidyState(lease, deps);
    return [];
  } catch (error) {
    return [`The state folder could not be tidied up: ${asEngineError(error).message}`];
  }
}

function finishedFirst({ runId, state, counts }: RunReport): string {
  const rows = counts === null ? "" : `, ${counts.succeeded} of ${counts.source} rows succeeded`;
  return `Run ${runId}, which an earlier process left, was finished first: ${state}${rows}.`;
}

/** An interruption while the source is read leaves nothing to resume. */
function beforeItBegan({ spec, orgSpec }: PreparedSync, error: EngineError): RunReport {
  if (error.code !== "RUN_INTERRUPTED") return blocked(spec.name, orgSpec.name, error);
  const interrupted = new EngineError(error.code, "Stopped before anything was sent, as asked.", {
    hint: `To begin again:\n    sluice run ${spec.name}`,
  });
  return withoutRun(spec.name, orgSpec.name, "blocked", interrupted);
}

interface Executed {
  readonly report: RunReport;
  readonly mirrored: RunReport | null;
  /** What the next run can go by; null: it reads the source. */
  readonly known: KnownReading | null;
}

async function planAndExecute(
  prepared: PreparedSync,
  lease: Lease,
  deps: EngineDeps,
  options: RunOptions,
): Promise<Executed> {
  const { org } = prepared;
  const begun = deps.clock.monotonic();
  const callsOffset = -org.apiCalls;
  const runId = newRunId(deps.clock);
  const folder = runFolder(path.join(runsFolder(deps.project.stateFolder), runId), lease.epoch);
  const approved = options.approve || !prepared.orgSpec.protected;
  const fresh = await planSync(prepared, deps, {
    ...options,
    refresh: false,
    invalidFile: folder.invalidCsv,
    runFolder: approved ? folder : null,
  });
  const planned = { ...fresh, runPlan: withOverrides(fresh.runPlan, options.override) };
  const { runPlan } = planned;
  const stale = options.saved === null ? null : judgeSaved(options.saved, planned.plan);
  const objection = stale ?? judgePlan(planned, options);
  const kept = await stagedAlready(planned, objection);
  const refusal = objection ?? judgeRoom(planned, kept, deps);
  if (refusal !== null) for (const { index } of kept) removeUnfinished(folder, index);
  const run = {
    id: runId,
    sync: prepared.spec.name,
    folder: folder.folder,
    plan: runPlan,
    org,
    lease,
    resendUnknown: options.resendUnknown,
    callsOffset,
    warnings: [],
  };
  const runDeps = runDepsOf(run, deps);
  const facts = () => ({
    apiCalls: runDeps.apiCalls(),
    elapsedMs: Math.round(deps.clock.monotonic() - begun),
  });
  if (refusal !== null || planned.plan.counts.toSend === 0) {
    const report = await endWithoutSending(planned, run, deps, options.command, refusal, facts());
    if (refusal !== null) return { report, mirrored: null, known: null };
    const mirrored = await mirrorRun(planned, runId, lease, deps);
    return { report, mirrored, known: planned.known };
  }
  await createRun(planned, run, deps, options.command, {});
  const { signal } = deps;
  const stage = stageKept(kept, folder, (wanted) =>
    stagePlanned({ plan: runPlan, folder, epoch: lease.epoch, wanted, signal }, deps.stageThread),
  );
  const { report, end, went } = await carryOut(runDeps, stage, facts);
  // Records are deleted only when all that the source has was sent and is known to have ended.
  const mirrored = went ? await mirrorRun(planned, runId, lease, deps) : null;
  const arrived = went && end.counts.succeeded === planned.plan.counts.toSend;
  return { report, mirrored, known: arrived ? planned.known : null };
}

/** The chunks of the plan that were written while it was made. */
async function stagedAlready(
  { ahead, decisions, plan }: PlannedSync,
  refusal: EngineError | null,
): Promise<readonly StagedChunk[]> {
  if (ahead === null) return [];
  if (refusal === null) return ahead.keep(decisions, plan.chunks);
  await ahead.discard();
  return [];
}

/** Saves all that another process needs to go on, and then the run itself: a folder without a run in
 *  the state means nothing, and `tidyState` removes it. */
async function createRun(
  { runPlan, decisions, ids, stream, prepared }: PlannedSync,
  { id, folder: place, lease }: NamedRun,
  deps: EngineDeps,
  command: string,
  end: RunChange,
): Promise<void> {
  const folder = runFolder(place, lease.epoch);
  // Of a run that has ended, nothing is left to go on with.
  if (end.ended !== true) {
    makeFolder(folder.folder);
    writeDurably(folder.decisions, [decisions]);
    if (ids !== null) storeIds(folder.ids, ids);
  }
  const row = {
    id,
    streamId: stream.id,
    sync: prepared.spec.name,
    org: prepared.orgSpec.name,
    orgId: prepared.identity.orgId,
    command,
    folder: folder.folder,
    plan: runPlan,
    startedAt: isoNow(deps.clock),
  };
  await deps.store.createRun(lease, row, end);
}

interface NamedRun {
  readonly id: string;
  readonly folder: string;
  readonly lease: Lease;
}

/** Nothing to send, or a guard said no: the run is saved as one that is over, and history knows why. */
async function endWithoutSending(
  planned: PlannedSync,
  run: NamedRun,
  deps: EngineDeps,
  command: string,
  refusal: EngineError | null,
  facts: { readonly apiCalls: number; readonly elapsedMs: number },
): Promise<RunReport> {
  const counts = countRun(planned.runPlan, []);
  const error = refusal ?? rowsError(planned.runPlan, counts);
  const state = refusal === null ? "nothingToDo" : refusal.exitCode === 4 ? "failed" : "blocked";
  const { warnings } = planned.runPlan.plan;
  await createRun(planned, run, deps, command, {
    state,
    ended: true,
    counts,
    files: { failed: null, invalid: planned.plan.invalidFile },
    ...facts,
    endedAt: isoNow(deps.clock),
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    warnings,
  });
  const folder = runFolder(run.folder);
  folder.removeForResume();
  const end = { state, counts, error, ended: true, reasons: [], warnings } as const;
  return fromEnd(planned.runPlan, run.id, end, [], facts, folder);
}
