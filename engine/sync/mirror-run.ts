import path from "node:path";
import { isoNow } from "../base/clock.ts";
import { makeFolder } from "../base/durable-file.ts";
import { newRunId } from "../base/ids.ts";
import { mirrorVerb } from "../plan/mirror-work.ts";
import { runFolder } from "../run/run-folder.ts";
import { type MirrorRunPlan, stageMirror, storeDeparted } from "../run/stage-mirror.ts";
import type { Lease } from "../state/state-store.ts";
import { carryOut } from "./carry-out.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PlannedMirror } from "./plan-mirror.ts";
import type { PlannedSync } from "./plan-sync.ts";
import { runDepsOf, runsFolder } from "./run-deps-of.ts";
import type { RunReport } from "./run-report.ts";

/** Deletes or updates the records whose key left the source, after the rows were sent, under the same
 *  lease. It is a run of its own: it has its own id and counts, and is resumed as any other. Its keys are
 *  then forgotten, so that it happens once and they are new when they come back. */
export async function mirrorRun(
  planned: PlannedSync,
  runId: string,
  lease: Lease,
  deps: EngineDeps,
): Promise<RunReport | null> {
  const { mirror, prepared, stream } = planned;
  if (mirror === null || mirror.records.count === 0) return null;
  const { org, spec, orgSpec, identity } = prepared;
  const begun = deps.clock.monotonic();
  const callsOffset = -org.apiCalls;
  const id = newRunId(deps.clock);
  const folder = runFolder(path.join(runsFolder(deps.project.stateFolder), id), lease.epoch);
  const plan = mirrorPlan(planned, mirror, runId);
  makeFolder(folder.folder);
  storeDeparted(folder, mirror.records);
  await deps.store.createRun(lease, {
    id,
    streamId: stream.id,
    sync: spec.name,
    org: orgSpec.name,
    orgId: identity.orgId,
    command: "mirror",
    folder: folder.folder,
    plan,
    startedAt: isoNow(deps.clock),
  });
  const own = { id, sync: spec.name, folder: folder.folder, plan, org, lease, callsOffset };
  const runDeps = runDepsOf({ ...own, resendUnknown: false, warnings: [] }, deps);
  const facts = () => ({
    apiCalls: runDeps.apiCalls(),
    elapsedMs: Math.round(deps.clock.monotonic() - begun),
  });
  const stage = (wanted: (index: number) => boolean) => stageMirror(plan, folder, wanted);
  return (await carryOut(runDeps, stage, facts)).report;
}

/** source = the records that it is about; all else of the plan's counts is the first run's. */
function mirrorPlan(
  { runPlan, prepared }: PlannedSync,
  { plan, records, constants }: PlannedMirror,
  runId: string,
): MirrorRunPlan {
  const { chunks } = plan;
  const { count } = records;
  const operation = mirrorVerb(plan);
  const none = { filtered: 0, invalid: 0, duplicate: 0, unchanged: 0, new: 0 };
  return {
    ...runPlan,
    plan: {
      ...runPlan.plan,
      operation,
      counts: { ...none, source: count, changed: count, toSend: count },
      fields: Object.fromEntries(plan.fields.map((field) => [field, count])),
      chunks,
      bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
      invalid: [],
      invalidFile: null,
      warnings: ["mirror: these are the records whose key left the source."],
    },
    job: {
      object: prepared.shape.name,
      operation,
      externalIdFieldName: null,
      // A rule would give the record to somebody else: that is for records that come, not that go.
      assignmentRuleId: null,
    },
    columns: ["Id", ...constants.columns],
    join: { column: "Id", kind: "id" },
    joinBySidecar: false,
    unknownBefore: 0,
    files: [],
    digests: [],
    mirrorOf: { runId, cells: constants.cells },
  };
}
