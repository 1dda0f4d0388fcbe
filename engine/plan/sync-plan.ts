import type { DuplicatePolicy, Guards, Operation, SyncSpec } from "../config/sync-spec.ts";
import type { ObjectShape } from "../describe/object-shape.ts";
import type { KeyKind } from "../mapping/row-program.ts";
import type { FileDigests } from "../source/block-digests.ts";
import type { OpenedFile } from "../source/opened-file.ts";

/** What one sync would do, as plain data: `plan` prints it and `run` executes it. */
export interface SyncPlan {
  readonly sync: string;
  /** The spec, as messages show it. */
  readonly spec: string;
  readonly org: OrgFacts;
  readonly object: string;
  readonly operation: Operation;
  /** Canonical name of the key field of the spec; null for a sync by Id and for repeated inserts. */
  readonly externalId: string | null;
  readonly reason: PlanReason;
  /** Why, in full: one sentence each. */
  readonly reasons: readonly ReasonNote[];
  /** Where the knowledge of what the org holds comes from. */
  readonly basis: "state" | "org";
  readonly counts: PlanCounts;
  /** What the org holds now, where it was asked (`basis` is `org`); null where not. */
  readonly inOrg: OrgView | null;
  readonly chunks: readonly ChunkCut[];
  readonly bytes: number;
  /** About how many bytes a run takes in the state folder; missing in plans of earlier versions. */
  readonly diskBytes?: number;
  readonly apiCalls: number;
  /** Changed rows by field. */
  readonly fields: Readonly<Record<string, number>>;
  /** Cells that would be cleared (#N/A), by field. */
  readonly cleared: Readonly<Record<string, number>>;
  readonly guards: readonly GuardVerdict[];
  readonly warnings: readonly string[];
  readonly sources: readonly SourceFacts[];
  readonly invalid: readonly InvalidGroup[];
  /** The table of rows that are not sent, when there are any. */
  readonly invalidFile: string | null;
  /** Records whose key left the source; null for a sync without `mirror`. */
  readonly mirror: MirrorPlan | null;
  /** Digests of all that the plan was made from: what `apply` compares. */
  readonly inputs: PlanInputs;
  readonly planHash: string;
}

/** The source held against the org's records. What is sent does not depend on it: the counts say that.
 *  For deletes, `update` is the records that are there and `same` those that are gone already; `drifted`
 *  is deleted records that are there again. */
export interface OrgView {
  /** Of the rows to send: records that the org does not have, has with other values, has already so. */
  readonly create: number;
  readonly update: number;
  readonly same: number;
  /** Of the unchanged rows: records that somebody changed in the org since, or deleted there. */
  readonly drifted: number;
  readonly gone: number;
  /** Drifted records by field. */
  readonly fields: Readonly<Record<string, number>>;
}

/** Digests only: a plan file holds no row's value and no secret. */
export interface PlanInputs {
  /** The spec and the org's settings, without secrets; comments and line breaks play no part. */
  readonly config: string;
  /** The object's describe, and that of its parents. */
  readonly describe: string;
  readonly mapping: string;
  /** Grows with every chunk that this sync settles in this org. */
  readonly serial: number;
  /** Over the ordered (key, row) digests of the rows to send. */
  readonly rows: string;
  /** Over the records that `mirror` would delete or update. */
  readonly mirror: string;
}

export interface MirrorPlan {
  /** Records to delete; 0 where `mirror` updates. */
  readonly deletes: number;
  /** Records to update; 0 where `mirror` deletes. */
  readonly updates: number;
  /** The fields that are updated; none where `mirror` deletes. */
  readonly fields: readonly string[];
  /** Keys that left the source and that the org does not hold any more. */
  readonly alreadyGone: number;
  /** Why nothing is done this time although keys are missing; null: nothing holds it back. */
  readonly heldBack: string | null;
  readonly chunks: readonly ChunkCut[];
}

export interface ReasonNote {
  readonly kind:
    | "firstRun"
    | "otherOrg"
    | "keyChanged"
    | "dataChanged"
    | "mappingChanged"
    | "full"
    | "repeat"
    | "failedBefore"
    | "leftSource"
    | "nothingChanged";
  readonly text: string;
  /** Target fields that it is about; empty where it is about none in particular. */
  readonly fields: readonly string[];
}

export interface OrgFacts {
  readonly name: string;
  readonly orgId: string;
  readonly instanceUrl: string;
  readonly production: boolean | null;
  readonly protected: boolean;
}

export type PlanReason =
  | "first run"
  | "nothing changed"
  | "data changed"
  | "mapping changed"
  | "full"
  | "repeat";

export interface PlanCounts {
  readonly source: number;
  readonly filtered: number;
  readonly invalid: number;
  readonly duplicate: number;
  readonly unchanged: number;
  readonly new: number;
  readonly changed: number;
  readonly toSend: number;
}

/** One chunk of the plan: how many rows and bytes (header included) become one job. */
export interface ChunkCut {
  readonly rows: number;
  readonly bytes: number;
}

export interface GuardVerdict {
  readonly name: string;
  readonly ok: boolean;
  /** A fraction for maxChangeRatio, milliseconds for maxAge, else a count. */
  readonly value: number | null;
  readonly limit: number;
  /** What the numbers do not say, such as the file that is too old. */
  readonly detail: string | null;
}

export interface SourceFacts {
  readonly file: string;
  /** As stored: compressed, where it is. */
  readonly bytes: number;
  readonly rows: number;
  /** Digest of the decoded bytes. */
  readonly digest: string;
}

/** Rows that are not sent for one reason, with the first as an example. */
export interface InvalidGroup {
  readonly code: string;
  readonly field: string;
  readonly count: number;
  readonly file: string;
  readonly line: number;
}

/** All that a run needs beside its chunks: stored with it, so that `resume` never reads the spec. */
export interface RunPlan {
  readonly plan: SyncPlan;
  readonly job: {
    readonly object: string;
    readonly operation: Operation;
    readonly externalIdFieldName: string | null;
    readonly assignmentRuleId: string | null;
  };
  /** Header of every chunk. */
  readonly columns: readonly string[];
  /** The column that results are joined by; null: rows have no key. */
  readonly join: { readonly column: string; readonly kind: KeyKind } | null;
  /** Digests in the sidecar are of the join column itself, not of a key that was replaced by an Id. */
  readonly joinBySidecar: boolean;
  readonly fingerprints: { readonly columns: readonly string[]; readonly keyed: boolean };
  readonly mappingDigest: string;
  readonly results: "full" | "failures";
  readonly parallelJobs: number;
  readonly roundsMax: number;
  readonly pollTimeoutMs: number;
  readonly duplicates: DuplicatePolicy;
  readonly maxFailed: Guards["maxFailed"];
  /** Rows whose fate an earlier run left unknown (insert only). */
  readonly unknownBefore: number;
  /** Guards that were overridden for this run. */
  readonly overrides: readonly string[];
  readonly chunkMax: { readonly bytes: number; readonly rows: number };
  /** What staging needs to map the same rows again. */
  readonly mapping: {
    readonly spec: SyncSpec;
    readonly shape: ObjectShape;
    readonly parents: readonly (readonly [string, ObjectShape])[];
  };
  readonly files: readonly OpenedFile[];
  /** What pass 1 read of each file: pass 2 believes no block that differs. */
  readonly digests: readonly FileDigests[];
}
