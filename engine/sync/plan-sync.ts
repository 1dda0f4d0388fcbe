import path from "node:path";
import { type ReadSourceInput, readSource, type SourceReading } from "../delta/read-source.ts";
import { type IdTable, withDeleted } from "../delta/resolved-ids.ts";
import { openSegment } from "../delta/segment-file.ts";
import { canonicalColumn } from "../describe/canonical-column.ts";
import type { RowProblem } from "../mapping/row-program.ts";
import { buildPlan } from "../plan/build-plan.ts";
import { cutChunks } from "../plan/chunk-cuts.ts";
import type { PastFacts } from "../plan/explain-reasons.ts";
import { mirrorVerb } from "../plan/mirror-work.ts";
import type { ChunkCut, RunPlan, SyncPlan } from "../plan/sync-plan.ts";
import { newInvalidFile } from "../run/invalid-file.ts";
import type { RunFolder } from "../run/run-folder.ts";
import { newStagedAhead, type StagedAhead } from "../run/stage-ahead.ts";
import type { StateStore, Stream } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { newDeparted } from "./find-departed.ts";
import { type KnownReading, keptOf, recallReading } from "./known-reading.ts";
import { pastFacts } from "./past-facts.ts";
import { inputsOf, leftInOrg, oldestFile } from "./plan-inputs.ts";
import { type PlannedMirror, planMirror } from "./plan-mirror.ts";
import type { PreparedSync } from "./prepare-sync.ts";
import { resolveIds } from "./resolve-ids.ts";

export interface PlanOptions {
  readonly full: boolean;
  readonly resendUnknown: boolean;
  /** Each row's decision is wanted: nothing that an earlier reading came to will do. */
  readonly refresh: boolean;
  /** Where the table of invalid rows goes. */
  readonly invalidFile: string;
  /** The folder of the run that follows, where its chunks may be staged ahead; null: none follows. */
  readonly runFolder: RunFolder | null;
}

/** A plan, and what only a run needs of it. */
export interface PlannedSync {
  readonly prepared: PreparedSync;
  readonly stream: Stream;
  readonly plan: SyncPlan;
  readonly runPlan: RunPlan;
  readonly decisions: Uint8Array;
  readonly ids: IdTable | null;
  readonly mirror: PlannedMirror | null;
  /** Chunks that are written already, if the plan has them too; null: none are. */
  readonly ahead: StagedAhead | null;
  /** To be kept once all its rows have arrived; null where it leaves more open, or is kept already. */
  readonly known: KnownReading | null;
}

/** source -> delta -> plan: reads everything and says what a run would do. Sends nothing. Where an
 *  earlier reading of the same bytes left nothing to do, only digests them. */
export async function planSync(
  prepared: PreparedSync,
  deps: EngineDeps,
  options: PlanOptions,
): Promise<PlannedSync> {
  const { spec, program } = prepared;
  const stream = await openStreamOf(prepared, deps.store);
  const ids = await resolveIds(prepared, deps);
  const columns = ids === null ? program.columns : withId(program.columns, program.keyColumn ?? 0);
  const headerBytes = columns.join(",").length + 1;
  const ahead = await startAhead(prepared, deps, stream, columns, options);
  try {
    const invalid = newInvalidFile(options.invalidFile, prepared.files);
    const departed = newDeparted();
    const { bytesMax, rowsMax } = spec.chunk;
    const limits = { headerBytes, bytesMax, rowsMax };
    let chunks: readonly ChunkCut[] = [];
    const anew = options.full || options.resendUnknown || options.refresh;
    const recalled = anew ? null : await recallReading(prepared, deps, stream);
    const reading =
      recalled ??
      (await readAll(prepared, deps, stream, ids, {
        ...options,
        onDeparted: spec.mirror === null ? null : departed.add,
        rowBytesMax: bytesMax - headerBytes,
        invalid,
        onBlock: ahead?.add ?? null,
        onSizes: (decisions, rowBytes) => {
          chunks = cutChunks({ ...limits, decisions, rowBytes });
        },
      }));
    const { past, before } = await pastFacts(prepared, stream, deps.store);
    const mirror = await planMirror(prepared, departed.keys, reading, before, deps);
    const plan = await planOf(prepared, deps, {
      ...{ stream, reading, chunks, full: options.full, listed: invalid.finish() },
      ...{ past, mirror, lookedUp: ids !== null },
    });
    const runPlan = toRunPlan(prepared, plan, reading, columns);
    const decisions = reading.decisions.byRow;
    const known = recalled === null ? keptOf(prepared, reading, mirror) : null;
    return { prepared, stream, plan, runPlan, decisions, ids, mirror, ahead, known };
  } catch (error) {
    await ahead?.discard();
    throw error;
  }
}

/** Where nothing is known to compare with, or all of it is sent again, every row will be sent unless some
 *  are duplicates: their chunks are written in the same pass. */
async function startAhead(
  { spec, program }: PreparedSync,
  { store, project, freeBytes }: EngineDeps,
  stream: Stream,
  columns: readonly string[],
  { runFolder, full }: PlanOptions,
): Promise<StagedAhead | null> {
  if (runFolder === null) return null;
  const known = (await store.listSegments(stream.id)).length > 0;
  // An insert never sends a known key again.
  if (known && (!full || spec.target.operation === "insert")) return null;
  const chunkMax = { bytes: spec.chunk.bytesMax, rows: spec.chunk.rowsMax };
  const roomBytes = (freeBytes(project.stateFolder) ?? 0) * SHARE_OF_FREE;
  const digested = program.columns;
  return newStagedAhead({ folder: runFolder, columns, digested, chunkMax, roomBytes });
}

/** A guess must not take the room that the run needs. */
const SHARE_OF_FREE = 0.5;

/** The fingerprints of this sync in this org, for its object, operation and key. */
export function openStreamOf(prepared: PreparedSync, store: StateStore): Promise<Stream> {
  const { spec, identity, shape, program } = prepared;
  return store.openStream({
    sync: spec.name,
    orgId: identity.orgId,
    object: shape.name,
    operation: spec.target.operation,
    keyField: program.keyColumn === null ? null : (program.columns[program.keyColumn] ?? null),
  });
}

interface PlanFacts {
  readonly stream: Stream;
  readonly reading: SourceReading;
  readonly chunks: readonly ChunkCut[];
  readonly full: boolean;
  readonly past: PastFacts;
  readonly mirror: PlannedMirror | null;
  readonly lookedUp: boolean;
  readonly listed: ReturnType<ReturnType<typeof newInvalidFile>["finish"]>;
}

async function planOf(
  prepared: PreparedSync,
  deps: EngineDeps,
  { stream, reading, chunks, full, listed, past, mirror, lookedUp }: PlanFacts,
): Promise<SyncPlan> {
  const { spec, program, shape } = prepared;
  const { decisions } = reading;
  const sends = chunks.length > 0 || (mirror?.records.count ?? 0) > 0;
  return buildPlan({
    spec,
    org: orgFacts(prepared),
    object: shape.name,
    externalId: externalIdOf(prepared),
    decisions,
    chunks,
    cleared: reading.cleared,
    sources: prepared.files.map((file) => ({
      file: file.shown,
      bytes: file.sizeBytes,
      rows: reading.digests[file.index]?.rowCount ?? 0,
      digest: reading.digests[file.index]?.file ?? "",
    })),
    invalid: listed.groups,
    invalidFile: listed.file,
    inputs: {
      ...inputsOf(prepared),
      mapping: program.mappingDigest,
      serial: stream.serial,
      rows: reading.rowsDigest,
      mirror: mirror?.digest ?? "",
    },
    storedMappingDigest: stream.mappingDigest,
    past,
    full,
    mirror: mirror?.plan ?? null,
    doubts: mirror?.doubts ?? [],
    oldest: oldestFile(prepared, deps),
    columns: program.columns.length,
    lookedUp,
    left: sends ? await leftInOrg(prepared, deps) : { apiCalls: null, batches: null },
    warnings: [...literalNullWarning(reading), ...mirrorWarning(mirror)],
  });
}

function orgFacts({ orgSpec, identity }: PreparedSync): SyncPlan["org"] {
  return {
    name: orgSpec.name,
    orgId: identity.orgId,
    instanceUrl: identity.instanceUrl,
    production: orgSpec.emulator ? false : identity.production,
    protected: orgSpec.protected,
  };
}

interface ReadOptions extends PlanOptions {
  readonly onDeparted: ((keys: Uint32Array, at: number) => void) | null;
  readonly rowBytesMax: number;
  readonly invalid: ReturnType<typeof newInvalidFile>;
  readonly onBlock: ReadSourceInput["onBlock"];
  readonly onSizes: ReadSourceInput["onSizes"];
}

async function readAll(
  prepared: PreparedSync,
  deps: EngineDeps,
  stream: Stream,
  ids: IdTable | null,
  options: ReadOptions,
): Promise<SourceReading> {
  const { spec, program } = prepared;
  const deletes = spec.target.operation === "delete";
  const segments = (await deps.store.listSegments(stream.id)).map(({ file }) => openSegment(file));
  const duplicate: RowProblem = {
    code: "KEY_DUPLICATE",
    field: program.columns[program.keyColumn ?? 0] ?? "",
    reason: "Several rows of the source have this key; the spec rejects all of them.",
  };
  try {
    return await readSource({
      files: prepared.files,
      program,
      ids: deletes && ids !== null && !options.full ? withDeleted(ids, segments) : ids,
      rowBytesMax: options.rowBytesMax,
      delta: {
        operation: spec.target.operation,
        duplicates: spec.duplicates,
        full: options.full,
        resendUnknown: options.resendUnknown,
        segments,
        onDeparted: options.onDeparted,
        spillFolder: path.join(deps.project.stateFolder, "tmp"),
      },
      onBlock: options.onBlock,
      onSizes: options.onSizes,
      onInvalid: (block, mapped, row) => {
        const problem = mapped.problems.get(row);
        if (problem !== undefined) options.invalid.add(block, row, problem);
      },
      onDuplicate: (block, row) => {
        if (spec.duplicates === "reject") options.invalid.add(block, row, duplicate);
      },
      onProgress: (rows) => deps.onProgress(spec.name, { kind: "reading", rows }),
      signal: deps.signal,
    });
  } finally {
    for (const segment of segments) segment.close();
  }
}

function toRunPlan(
  prepared: PreparedSync,
  plan: SyncPlan,
  reading: SourceReading,
  columns: readonly string[],
): RunPlan {
  const { spec, program, shape, parents } = prepared;
  const { operation, assignmentRuleId } = spec.target;
  const resolved = columns !== program.columns;
  const keyName = program.keyColumn === null ? null : (program.columns[program.keyColumn] ?? null);
  const join =
    keyName === null || program.keyKind === null
      ? null
      : resolved
        ? { column: "Id", kind: "id" as const }
        : { column: keyName, kind: program.keyKind };
  return {
    plan,
    job: {
      object: shape.name,
      operation,
      externalIdFieldName: operation === "upsert" ? keyName : null,
      assignmentRuleId,
    },
    columns,
    join,
    joinBySidecar: !resolved,
    fingerprints: { columns: program.columns, keyed: program.keyColumn !== null },
    mappingDigest: program.mappingDigest,
    results: spec.results,
    parallelJobs: spec.parallelJobs,
    roundsMax: spec.retry.roundsMax,
    pollTimeoutMs: spec.pollTimeoutMs,
    duplicates: spec.duplicates,
    maxFailed: spec.guards.maxFailed,
    unknownBefore: reading.decisions.counts.unknown,
    overrides: [],
    chunkMax: { bytes: spec.chunk.bytesMax, rows: spec.chunk.rowsMax },
    mapping: { spec, shape, parents: [...parents] },
    files: prepared.files,
    digests: reading.digests,
  };
}

/** An Id takes the place of the key, in front. */
function withId(columns: readonly string[], keyColumn: number): string[] {
  return ["Id", ...columns.filter((_, i) => i !== keyColumn)];
}

function externalIdOf({ spec, shape, parents }: PreparedSync): string | null {
  const { externalId } = spec.target;
  return externalId === null ? null : canonicalColumn(externalId, shape, parents);
}

function literalNullWarning({ literalNulls }: SourceReading): string[] {
  if (literalNulls === 0) return [];
  const cells = literalNulls === 1 ? "1 cell holds" : `${literalNulls} cells hold`;
  return [`${cells} exactly #N/A. That counts as blank; passed through, it would erase the field.`];
}

function mirrorWarning(mirror: PlannedMirror | null): string[] {
  const reason = mirror?.plan.heldBack ?? null;
  if (mirror === null || reason === null) return [];
  return [`mirror ${mirrorVerb(mirror.plan)}s nothing this time: ${reason}.`];
}
