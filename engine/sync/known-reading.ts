import { murmurHex } from "../base/murmur.ts";
import { version } from "../base/version.ts";
import type { SourceReading } from "../delta/read-source.ts";
import { newRowsDigest } from "../delta/rows-digest.ts";
import { openSegment } from "../delta/segment-file.ts";
import type { FileDigests } from "../source/block-digests.ts";
import { sameBytes } from "../source/same-bytes.ts";
import type { Stream } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { inputsOf } from "./plan-inputs.ts";
import type { PlannedMirror } from "./plan-mirror.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** What a whole reading of the source came to, kept with its stream once nothing of it is left to do:
 *  every row was filtered, or is acknowledged as it stands. While the inputs, the stream and the bytes
 *  are the same, so is every decision: the next reading need only digest the bytes. */
export interface KnownReading {
  /** Digest of all but the bytes and the state that decides about rows. */
  readonly inputs: string;
  readonly digests: readonly FileDigests[];
  readonly source: number;
  readonly filtered: number;
  /** Not 0 where the state knows a key. Nothing changed, so no ratio depends on how many. */
  readonly knownKeys: number;
  readonly literalNulls: number;
}

interface StoredReading extends KnownReading {
  /** Of the stream, when nothing was left to do. */
  readonly serial: number;
}

/** What a reading of the source would find, where it is known without one; null: it must be read.
 *  Compares the digest of every block of the source. */
export async function recallReading(
  prepared: PreparedSync,
  deps: EngineDeps,
  stream: Stream,
): Promise<SourceReading | null> {
  if (!isRecallable(prepared)) return null;
  const stored = (await deps.store.readReading(stream.id)) as StoredReading | null;
  if (stored === null || stored.serial !== stream.serial) return null;
  if (stored.inputs !== inputsDigest(prepared)) return null;
  const segments = await deps.store.listSegments(stream.id);
  if (segments.length === 0) return null;
  // A lost or broken one is told as it would be by a reading.
  for (const { file } of segments) openSegment(file).close();
  if (!(await sameBytes(prepared.files, stored.digests, deps.signal))) return null;
  deps.onProgress(prepared.spec.name, { kind: "reading", rows: stored.source });
  return toReading(stored);
}

function toReading({ digests, source, filtered, knownKeys, literalNulls }: StoredReading) {
  const none = { invalid: 0, duplicate: 0, new: 0, changed: 0, unknown: 0 };
  const rowsDigest = newRowsDigest().hex();
  const decisions = {
    // Nobody asks for a row's decision when no row is sent.
    byRow: new Uint8Array(0),
    counts: { ...none, source, filtered, unchanged: source - filtered },
    fields: {},
    cleared: {},
    changedAfterInsert: 0,
    knownKeys,
    rowsDigest,
  };
  return { decisions, rowsDigest, digests, literalNulls, cleared: {} };
}

/** What is worth keeping of a reading, once all rows that it wants to send have arrived; null where it
 *  leaves anything open besides. */
export function keptOf(
  prepared: PreparedSync,
  { decisions, digests, literalNulls }: SourceReading,
  mirror: PlannedMirror | null,
): KnownReading | null {
  const { counts, changedAfterInsert } = decisions;
  const open = counts.invalid + counts.duplicate + counts.unknown + changedAfterInsert;
  if (!isRecallable(prepared) || open > 0 || !hasNothingToDo(mirror)) return null;
  return {
    inputs: inputsDigest(prepared),
    digests,
    source: counts.source,
    filtered: counts.filtered,
    knownKeys: decisions.knownKeys + counts.new,
    literalNulls,
  };
}

/** Kept under the lease, at the serial that the stream has now: the reading's rows moved it on. */
export async function keepReading(
  known: KnownReading,
  lease: Parameters<EngineDeps["store"]["saveReading"]>[0],
  { store }: EngineDeps,
): Promise<void> {
  const stream = (await store.listStreams()).find(({ id }) => id === lease.streamId);
  if (stream === undefined) return;
  const stored: StoredReading = { ...known, serial: stream.serial };
  await store.saveReading(lease, stored);
}

/** A repeated insert decides nothing; a delete, and Ids that the org is asked for, depend on the org. */
function isRecallable({ spec, program }: PreparedSync): boolean {
  const { operation, externalId } = spec.target;
  if (program.keyColumn === null || operation === "delete") return false;
  return operation !== "update" || externalId === null;
}

function hasNothingToDo(mirror: PlannedMirror | null): boolean {
  if (mirror === null) return true;
  const { deletes, updates, alreadyGone, heldBack } = mirror.plan;
  return deletes + updates + alreadyGone === 0 && heldBack === null;
}

/** Another version may map the same bytes to other values, and so may another Node, whose zones' clocks and
 *  lower case are those of its day. Where files lie says nothing. */
function inputsDigest(prepared: PreparedSync): string {
  const files = prepared.files.map(({ path: _, ...file }) => file);
  const { mappingDigest, columns } = prepared.program;
  const inputs = inputsOf(prepared);
  return murmurHex(
    JSON.stringify([version(), process.version, inputs, mappingDigest, columns, files]),
  );
}
