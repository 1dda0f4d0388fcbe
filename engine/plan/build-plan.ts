import { murmurHex } from "../base/murmur.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import type { Decisions } from "../delta/delta-pass.ts";
import { diskBytes } from "./disk-bytes.ts";
import { type PastFacts, reasonNotes, reasonOf } from "./explain-reasons.ts";
import { type GuardFacts, judgeGuards } from "./guards.ts";
import { mirrorVerb, mirrorWork } from "./mirror-work.ts";
import type {
  ChunkCut,
  InvalidGroup,
  MirrorPlan,
  OrgFacts,
  PlanCounts,
  PlanInputs,
  SourceFacts,
  SyncPlan,
} from "./sync-plan.ts";

/** Takes what pass 1 learnt and says what a run would do. No I/O, no clock. */
export function buildPlan(input: {
  readonly spec: SyncSpec;
  readonly org: OrgFacts;
  readonly object: string;
  readonly externalId: string | null;
  readonly decisions: Decisions;
  readonly chunks: readonly ChunkCut[];
  readonly cleared: Readonly<Record<string, number>>;
  readonly sources: readonly SourceFacts[];
  readonly invalid: readonly InvalidGroup[];
  readonly invalidFile: string | null;
  readonly inputs: PlanInputs;
  readonly storedMappingDigest: string | null;
  readonly past: PastFacts;
  readonly full: boolean;
  readonly mirror: MirrorPlan | null;
  /** What makes the source of a mirror doubtful. */
  readonly doubts: readonly string[];
  readonly oldest: GuardFacts["oldest"];
  readonly left: GuardFacts["left"];
  /** Columns that have a field digest. */
  readonly columns: number;
  /** Ids were looked up by key. */
  readonly lookedUp: boolean;
  readonly warnings: readonly string[];
}): SyncPlan {
  const { spec, decisions, chunks, mirror } = input;
  const counts = countsOf(decisions);
  const work = [...chunks, ...(mirror?.chunks ?? [])];
  const callsPerJob = spec.results === "full" ? CALLS_PER_JOB + 1 : CALLS_PER_JOB;
  const apiCalls = work.length * callsPerJob;
  const reasonInput = {
    ...input,
    counts,
    knownKeys: decisions.knownKeys,
    orgId: input.org.orgId,
    mappingDigest: input.inputs.mapping,
  };
  const facts = {
    counts,
    knownKeys: decisions.knownKeys,
    operation: spec.target.operation,
    apiCalls,
    batches: work.reduce((sum, { rows }) => sum + Math.ceil(rows / BATCH_ROWS), 0),
    left: input.left,
    oldest: input.oldest,
    mirror:
      mirror === null
        ? null
        : { verb: mirrorVerb(mirror), records: mirrorWork(mirror), doubts: input.doubts },
  };
  const plan = {
    sync: spec.name,
    spec: spec.fileShown,
    org: input.org,
    object: input.object,
    operation: spec.target.operation,
    externalId: input.externalId,
    reason: reasonOf(reasonInput),
    reasons: reasonNotes(reasonInput),
    basis: "state" as const,
    counts,
    inOrg: null,
    chunks,
    bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
    diskBytes: diskBytes({
      sourceRows: counts.source,
      chunks,
      mirrorChunks: mirror?.chunks ?? [],
      columns: input.columns,
      results: spec.results,
      lookedUp: input.lookedUp,
    }),
    apiCalls,
    fields: decisions.fields,
    cleared: input.cleared,
    guards: judgeGuards(spec.guards, facts),
    warnings: [...input.warnings, ...stopWarnings(spec, counts), ...insertWarnings(decisions)],
    sources: input.sources,
    invalid: input.invalid,
    invalidFile: input.invalidFile,
    mirror,
    inputs: input.inputs,
  };
  return { ...plan, planHash: hashOf(plan) };
}

/** Create, PUT, PATCH and, on the average of small jobs, two looks at the state. */
const CALLS_PER_JOB = 5;

/** Rows of Salesforce's own internal batches: Bulk API 2.0 guide, "Limits". */
const BATCH_ROWS = 10_000;

function countsOf({ counts }: Decisions): PlanCounts {
  const { source, filtered, invalid, duplicate } = counts;
  return {
    source,
    filtered,
    invalid,
    duplicate,
    // An insert of unknown fate is not sent again: to the plan it is as good as unchanged.
    unchanged: counts.unchanged + counts.unknown,
    new: counts.new,
    changed: counts.changed,
    toSend: counts.new + counts.changed,
  };
}

/** Over what would be done and what that follows from; the room it takes, what the org has left today and how old a file
 *  is have no part in it, so that the same plan made twice is the same plan. */
function hashOf(plan: Omit<SyncPlan, "planHash">): string {
  const { sync, org, object, operation, externalId, counts, chunks, sources, mirror, inputs } =
    plan;
  const { orgId } = org;
  const cuts = chunks.map(({ rows, bytes }) => [rows, bytes]);
  const files = sources.map(({ file, digest }) => [file, digest]);
  return murmurHex(
    JSON.stringify([
      { sync, orgId, object, operation, externalId, counts },
      { cuts, files, deletes: mirror?.deletes ?? 0, updates: mirror?.updates ?? 0, inputs },
    ]),
  );
}

/** A run would refuse, so the plan says it: its numbers alone look as if it would send. */
function stopWarnings({ onInvalid, duplicates }: SyncSpec, counts: PlanCounts): string[] {
  const rejected = counts.invalid + (duplicates === "reject" ? counts.duplicate : 0);
  if (onInvalid !== "stop" || rejected === 0) return [];
  const rows = rejected === 1 ? "1 row" : `${rejected} rows`;
  return [`onInvalid is stop: a run sends nothing while ${rows} can't be sent.`];
}

function insertWarnings(decisions: Decisions): string[] {
  const warnings: string[] = [];
  const { changedAfterInsert: changed } = decisions;
  const { unknown } = decisions.counts;
  if (changed > 0) {
    const since =
      changed === 1 ? "1 row changed since it was" : `${changed} rows changed since they were`;
    warnings.push(`${since} inserted; insert never updates.`);
  }
  if (unknown > 0) {
    const [rows, has, is, them] =
      unknown === 1 ? ["1 row", "has", "is", "it"] : [`${unknown} rows`, "have", "are", "them"];
    warnings.push(
      `${rows} of an earlier run ${has} an unknown fate and ${is} not sent again. ` +
        `Look ${them} up in the org, then use --resend-unknown or \`sluice state forget\`.`,
    );
  }
  return warnings;
}
