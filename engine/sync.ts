import { type Diagnostic, hasErrors } from "./base/diagnostic.ts";
import { asEngineError, EngineError } from "./base/engine-error.ts";
import type { SyncSpec } from "./config/sync-spec.ts";
import type { PlanView } from "./plan/plan-sample.ts";
import type { SyncPlan } from "./plan/sync-plan.ts";
import { compareWithOrg } from "./sync/compare-with-org.ts";
import { notCompared } from "./sync/compared-columns.ts";
import type { EngineDeps } from "./sync/engine-deps.ts";
import { checksFail, findStale } from "./sync/find-stale.ts";
import { requireGuardNames, roomWarning } from "./sync/judge-plan.ts";
import { orgOf } from "./sync/org-of.ts";
import { type PlannedSync, planSync } from "./sync/plan-sync.ts";
import { type PreparedSync, prepareSync } from "./sync/prepare-sync.ts";
import { readSamples } from "./sync/read-samples.ts";
import { type RunReport, withoutRun } from "./sync/run-report.ts";
import { type RunOptions, runSync } from "./sync/run-sync.ts";
import { writeDiff } from "./sync/write-diff.ts";

export interface SyncOptions extends Omit<RunOptions, "saved"> {
  /** Asks the org for describes that a cache still has. */
  readonly refresh: boolean;
  /** Saved plans by sync, to be done exactly. Without: each sync is planned and applied. */
  readonly saved?: ReadonlyMap<string, SyncPlan>;
}

export interface SyncsOutcome {
  readonly reports: readonly RunReport[];
  /** Of all syncs, warnings too. With an error among them nothing was sent. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The whole flow, for syncs in dependency order:
 *
 *    config -> describe -> check -> source -> mapping -> delta -> plan -> run -> settle -> report
 *
 *  All syncs are checked before the first one sends. Then each is planned and applied; one that
 *  depends on a sync that did not arrive is skipped, the others still run. `config` is done by the
 *  caller, who also hands over the org, the state and the clock. */
export async function runSyncs(
  syncs: readonly SyncSpec[],
  deps: EngineDeps,
  options: SyncOptions,
): Promise<SyncsOutcome> {
  requireGuardNames(options.override);
  const { prepared, diagnostics } = await prepareSyncs(syncs, deps, options);
  if (hasErrors(diagnostics)) return { reports: [], diagnostics };
  return { reports: await runPrepared(prepared, deps, options), diagnostics };
}

/** As `runSyncs`, for plans that were saved. When anything that one of them was made from has moved,
 *  `stale` says what, and nothing of any is sent. All is judged again when a sync's turn comes, then with
 *  the org's records, which the syncs before it may have changed: that one is then blocked. */
export async function applySyncs(
  syncs: readonly SyncSpec[],
  deps: EngineDeps,
  options: SyncOptions & { readonly saved: ReadonlyMap<string, SyncPlan> },
): Promise<SyncsOutcome & { readonly stale: EngineError | null }> {
  requireGuardNames(options.override);
  const { prepared, diagnostics } = await prepareSyncs(syncs, deps, options);
  const stale = hasErrors(diagnostics)
    ? checksFail(diagnostics)
    : await findStale(prepared, deps, options.saved);
  if (stale !== null) return { reports: [], diagnostics, stale };
  return { reports: await runPrepared(prepared, deps, options), diagnostics, stale };
}

async function runPrepared(
  prepared: readonly PreparedSync[],
  deps: EngineDeps,
  options: SyncOptions,
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  for (const sync of prepared) {
    if (deps.signal.aborted) {
      // What was done before the interruption is still told.
      const reason = asEngineError(deps.signal.reason);
      reports.push(withoutRun(sync.spec.name, sync.orgSpec.name, "skipped", reason));
      continue;
    }
    const obstacle = missingParent(sync.spec, reports);
    const saved = options.saved?.get(sync.spec.name) ?? null;
    if (obstacle !== null) reports.push(obstacle);
    else reports.push(...(await runSync(sync, deps, { ...options, saved })));
  }
  return reports;
}

/** As `runSyncs`, but only says what would be done. */
export async function planSyncs(
  syncs: readonly SyncSpec[],
  deps: EngineDeps,
  options: Pick<SyncOptions, "org" | "refresh" | "full" | "resendUnknown"> & {
    readonly invalidFile: (sync: SyncSpec) => string;
    /** Changed rows that are shown with what the org holds now, and a third as many new ones. */
    readonly samples: number;
    /** Where every changed field of every changed row is written; null: nowhere. */
    readonly diffFile: string | null;
  },
): Promise<{
  readonly views: readonly PlanView[];
  readonly diagnostics: readonly Diagnostic[];
}> {
  const { prepared, diagnostics } = await prepareSyncs(syncs, deps, options);
  if (hasErrors(diagnostics)) return { views: [], diagnostics };
  const plans: PlannedSync[] = [];
  const views: PlanView[] = [];
  for (const sync of prepared) {
    const invalidFile = options.invalidFile(sync.spec);
    const planned = await planSync(sync, deps, { ...options, invalidFile, runFolder: null });
    plans.push(planned);
    views.push(await viewOf(planned, deps, options));
  }
  if (options.diffFile !== null) await writeDiff(plans, options.diffFile, deps);
  return { views, diagnostics };
}

/** The plan with what only its reader needs: the org's side of it, and a few rows. */
async function viewOf(
  planned: PlannedSync,
  deps: EngineDeps,
  options: { readonly refresh: boolean; readonly samples: number },
): Promise<PlanView> {
  const inOrg = options.refresh ? await compareWithOrg(planned, deps) : null;
  const blind = options.refresh ? notCompared(planned.prepared) : null;
  const { samples, problem } = await readSamples(planned, options.samples, deps);
  const notes = [roomWarning(planned, deps), blind, problem].flatMap((text) =>
    text === null ? [] : [text],
  );
  const plan: SyncPlan = {
    ...planned.plan,
    ...(inOrg === null ? {} : { inOrg, basis: "org" }),
    warnings: [...planned.plan.warnings, ...notes],
  };
  return { plan, samples };
}

async function prepareSyncs(
  syncs: readonly SyncSpec[],
  deps: EngineDeps,
  options: { readonly org: string | null; readonly refresh: boolean },
): Promise<{ prepared: PreparedSync[]; diagnostics: Diagnostic[] }> {
  const prepared: PreparedSync[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const spec of syncs) {
    const orgSpec = orgOf(deps.project, spec, options.org);
    const result = await prepareSync(spec, orgSpec, deps, options);
    diagnostics.push(...result.diagnostics);
    if (result.prepared !== null) prepared.push(result.prepared);
  }
  return { prepared, diagnostics };
}

/** A report of `skipped` when a sync that this one depends on ran before it and did not arrive. */
function missingParent(spec: SyncSpec, reports: readonly RunReport[]): RunReport | null {
  const parent = reports.find(
    (report) => spec.dependsOn.includes(report.sync) && !ARRIVED.has(report.state),
  );
  if (parent === undefined) return null;
  const reason = new EngineError(
    "RUN_DEPENDENCY",
    `${spec.name} was skipped: ${parent.sync}, which it depends on, ended as ${parent.state}.`,
    { hint: `When ${parent.sync} has arrived:\n    sluice run ${spec.name}` },
  );
  return withoutRun(spec.name, parent.org, "skipped", reason);
}

const ARRIVED: ReadonlySet<string> = new Set(["succeeded", "partial", "nothingToDo"]);
