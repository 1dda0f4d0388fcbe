import { murmurHex } from "../base/murmur.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import type { Decisions } from "../delta/delta-pass.ts";
import { judgeGuards } from "./guards.ts";
import type {
  ChunkCut,
  InvalidGroup,
  OrgFacts,
  PlanCounts,
  PlanReason,
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
  /** Digest over the ordered (key, row) digests of the rows to send. */
  readonly rowsDigest: string;
  readonly chunks: readonly ChunkCut[];
  readonly cleared: Readonly<Record<string, number>>;
  readonly sources: readonly SourceFacts[];
  readonly invalid: readonly InvalidGroup[];
  readonly invalidFile: string | null;
  readonly mappingDigest: string;
  readonly stored: { readonly mappingDigest: string | null; readonly serial: number };
  readonly full: boolean;
  readonly warnings: readonly string[];
}): SyncPlan {
  const { spec, decisions, chunks } = input;
  const { source, filtered, invalid, duplicate } = decisions.counts;
  const counts: PlanCounts = {
    source,
    filtered,
    invalid,
    duplicate,
    // An insert of unknown fate is not sent again: to the plan it is as good as unchanged.
    unchanged: decisions.counts.unchanged + decisions.counts.unknown,
    new: decisions.counts.new,
    changed: decisions.counts.changed,
    toSend: decisions.counts.new + decisions.counts.changed,
  };
  const facts = { counts, knownKeys: decisions.knownKeys, operation: spec.target.operation };
  const plan = {
    sync: spec.name,
    spec: spec.fileShown,
    org: input.org,
    object: input.object,
    operation: spec.target.operation,
    externalId: input.externalId,
    reason: reasonOf(input, counts),
    basis: "state" as const,
    counts,
    chunks,
    bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
    apiCalls: chunks.length * (spec.results === "full" ? CALLS_PER_JOB + 1 : CALLS_PER_JOB),
    fields: decisions.fields,
    cleared: input.cleared,
    guards: judgeGuards(spec.guards, facts),
    warnings: [...input.warnings, ...insertWarnings(decisions)],
    sources: input.sources,
    invalid: input.invalid,
    invalidFile: input.invalidFile,
  };
  const hashed = {
    ...plan,
    invalidFile: null,
    rows: input.rowsDigest,
    serial: input.stored.serial,
  };
  return { ...plan, planHash: murmurHex(JSON.stringify(hashed)) };
}

/** Create, PUT, PATCH and, on the average of small jobs, two looks at the state. */
const CALLS_PER_JOB = 5;

function reasonOf(input: Parameters<typeof buildPlan>[0], counts: PlanCounts): PlanReason {
  const { spec, stored, mappingDigest, decisions } = input;
  if (spec.repeat && spec.target.externalId === null && spec.target.operation === "insert")
    return "repeat";
  if (decisions.knownKeys === 0) return "first run";
  if (input.full) return "full";
  if (counts.toSend === 0) return "nothing changed";
  if (stored.mappingDigest !== null && stored.mappingDigest !== mappingDigest)
    return "mapping changed";
  return "data changed";
}

function insertWarnings(decisions: Decisions): string[] {
  const warnings: string[] = [];
  if (decisions.changedAfterInsert > 0) {
    warnings.push(
      `${decisions.changedAfterInsert} rows changed since they were inserted; insert never updates.`,
    );
  }
  if (decisions.counts.unknown > 0) {
    warnings.push(
      `${decisions.counts.unknown} rows of an earlier run have an unknown fate and are not sent again. ` +
        "Look them up in the org, then use --resend-unknown or `sluice state forget`.",
    );
  }
  return warnings;
}
