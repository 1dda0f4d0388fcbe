/** What the engine remembers between processes. One implementation: `sqlite-store.ts`. Nothing here
 *  assumes that all workers share a machine. Every method that writes for a run takes the run's
 *  lease, checks its epoch in the same transaction, and throws LEASE_LOST when another process took
 *  over: then nothing was written and no further effect may start. */
export interface StateStore {
  /** Finds or creates the stream of a sync. */
  openStream(key: StreamKey): Promise<Stream>;
  listStreams(): Promise<Stream[]>;
  /** Takes the lease of the stream's sync in its org: one run per sync at a time, whatever operation
   *  or key the spec named before. Throws LOCKED with the owner's name when it is held. */
  acquireLease(streamId: number, signal?: AbortSignal): Promise<Lease>;
  /** Leases that are held, by the living and the dead. */
  countLeases(): Promise<number>;
  /** Proves to other hosts that the owner lives. Throws LEASE_LOST. */
  heartbeat(lease: Lease): Promise<void>;
  /** Gives the lease back; does nothing when it was lost. */
  releaseLease(lease: Lease): Promise<void>;

  /** `end`: how it ended, where that is known already. In one transaction: a run that is refused must at
   *  no moment look like one to be resumed. */
  createRun(lease: Lease, run: NewRun, end?: RunChange): Promise<void>;
  /** `publish` gives files their names, in the transaction: nobody who lost the lease puts one over his
   *  successor's. */
  updateRun(lease: Lease, runId: string, change: RunChange, publish?: () => void): Promise<void>;
  readRun(runId: string): Promise<RunRow | null>;
  /** Newest first. */
  listRuns(filter: { sync?: string; limit: number }): Promise<RunRow[]>;
  /** Runs of the same sync in the same org that began after this one, oldest first. */
  laterRuns(run: RunRow): Promise<RunRow[]>;
  /** The run that is not ended, of this stream or of another that its sync had in this org. */
  unfinishedRun(streamId: number): Promise<RunRow | null>;

  /** Adds chunks in phase `planned`, all or none. */
  addChunks(lease: Lease, chunks: readonly NewChunk[]): Promise<void>;
  /** `apiCalls`: the run's calls so far, saved along so that a crash does not forget them. */
  saveChunk(lease: Lease, id: ChunkId, change: ChunkChange, apiCalls?: number): Promise<ChunkRow>;
  /** In one transaction: the chunk is settled, its segment (if any) is registered, and the stream
   *  moves on: new serial, and the digests of the mapping that made these rows. */
  settleChunk(lease: Lease, id: ChunkId, settlement: Settlement): Promise<ChunkRow>;
  /** In the order of their index. */
  listChunks(runId: string): Promise<ChunkRow[]>;
  /** All jobs that any chunk names. */
  listJobIds(): Promise<Set<string>>;

  /** Oldest first. */
  listSegments(streamId: number): Promise<SegmentRow[]>;
  /** Replaces old segments, neighbours in the list, by their merger, in one transaction: it takes the
   *  place of the oldest. */
  replaceSegments(lease: Lease, old: readonly number[], merged: NewSegment): Promise<void>;
  /** Gives a stream the fingerprints that another state file had, in place of its own. */
  importStream(
    lease: Lease,
    imported: {
      readonly segment: NewSegment;
      readonly mappingDigest: string | null;
      readonly columns: readonly string[] | null;
    },
  ): Promise<void>;
  /** What `saveReading` kept of a stream, as it was handed over; null: nothing. */
  readReading(streamId: number): Promise<unknown>;
  /** Keeps what a whole reading of the lease's stream came to, in place of the one before. It names the
   *  serial it was made at: nothing else removes it when the stream moves on. */
  saveReading(lease: Lease, reading: unknown): Promise<void>;
  /** Forgets all fingerprints of a stream; runs stay in the history. */
  forgetStream(lease: Lease): Promise<void>;
  close(): void;
}

/** What a stream of fingerprints belongs to: change one and it is another stream. */
export interface StreamKey {
  readonly sync: string;
  /** 18 characters. */
  readonly orgId: string;
  readonly object: string;
  readonly operation: string;
  /** Canonical name; null for an insert that repeats. */
  readonly keyField: string | null;
}

export interface Stream extends StreamKey {
  readonly id: number;
  /** Grows with every settled chunk: a saved plan names the serial it was made from. */
  readonly serial: number;
  readonly mappingDigest: string | null;
  readonly columns: readonly string[] | null;
}

export interface Lease {
  /** The stream it was asked for. */
  readonly streamId: number;
  /** The first stream of the same sync and org: all of them share its lease. */
  readonly lockId: number;
  readonly epoch: number;
  readonly owner: string;
}

export type RunState =
  | "running"
  | "succeeded"
  | "partial"
  | "failed"
  | "inFlight"
  | "nothingToDo"
  | "blocked"
  | "skipped";

export interface NewRun {
  readonly id: string;
  readonly streamId: number;
  readonly sync: string;
  /** The org's name in the config. */
  readonly org: string;
  readonly orgId: string;
  readonly command: string;
  /** Folder of the chunks and reports. */
  readonly folder: string;
  /** The stored plan: resume uses it, never the current spec. */
  readonly plan: unknown;
  readonly startedAt: string;
}

export interface RunRow extends NewRun {
  readonly state: RunState;
  /** False while chunks are open or staging is not complete: `resume` finishes it. */
  readonly ended: boolean;
  /** All chunks of round 0 are staged: `addChunks` is complete. */
  readonly staged: boolean;
  readonly counts: unknown;
  readonly files: { readonly failed: string | null; readonly invalid: string | null };
  readonly apiCalls: number;
  readonly elapsedMs: number;
  readonly endedAt: string | null;
  /** Why it ended as it did: { code, message, hint } or null. */
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
  } | null;
  /** Things worth knowing that are no errors. */
  readonly warnings: readonly string[];
}

export type RunChange = Partial<
  Pick<
    RunRow,
    | "state"
    | "ended"
    | "staged"
    | "counts"
    | "files"
    | "apiCalls"
    | "elapsedMs"
    | "endedAt"
    | "error"
    | "warnings"
    | "plan"
  >
>;

/** planned -> opened -> uploaded -> closed -> done -> settled: see run/advance-chunk.ts. */
export type ChunkPhase = "planned" | "opened" | "uploaded" | "closed" | "done" | "settled";

export interface ChunkId {
  readonly runId: string;
  readonly index: number;
}

export interface NewChunk extends ChunkId {
  /** 0 for the first sending; rows that failed for a passing reason go into rounds 1, 2, ... */
  readonly round: number;
  readonly kind: ChunkKind;
  readonly rows: number;
  /** Size of the CSV file, header included. */
  readonly bytes: number;
  /** Digest of the CSV file: checked before a PUT after a restart. */
  readonly digest: string;
}

/** first = as planned; transient = rows that failed for a passing reason; order = rows whose parent was
 *  missing, which go after all others of their round. */
export type ChunkKind = "first" | "transient" | "order";

export interface ChunkRow extends NewChunk {
  readonly phase: ChunkPhase;
  /** The current job; null until one is opened. */
  readonly jobId: string | null;
  /** Jobs opened for this chunk so far. */
  readonly attempts: number;
  /** The job as last seen. */
  readonly job: JobSnapshot | null;
  readonly counts: ChunkCounts | null;
  /** File in the run's folder that names the rows that did not arrive; null when there are none. */
  readonly misses: string | null;
  /** Why the last effect did not work, for `show`. */
  readonly problem: string | null;
}

/** What the job's last answer said; null counters where the answer had none. */
export interface JobSnapshot {
  readonly createdDate: string;
  readonly state: string;
  readonly processed: number | null;
  readonly failed: number | null;
  readonly errorMessage: string | null;
}

export type ChunkChange = Partial<
  Pick<ChunkRow, "phase" | "jobId" | "attempts" | "job" | "problem">
>;

/** What became of a chunk's rows: they add up to its rows. */
export interface ChunkCounts {
  readonly succeeded: number;
  /** Null where the results were not read for it. */
  readonly created: number | null;
  readonly updated: number | null;
  readonly deleted: number | null;
  readonly failed: number;
  readonly unprocessed: number;
  readonly unknown: number;
  /** Rows that another round may mend: a part of `failed`, and a part of `unprocessed`. */
  readonly retryable: { readonly failed: number; readonly unprocessed: number };
}

export interface NewSegment {
  readonly file: string;
  readonly rows: number;
}

export interface SegmentRow extends NewSegment {
  readonly id: number;
}

export interface Settlement {
  readonly counts: ChunkCounts;
  readonly misses: string | null;
  readonly segment: NewSegment | null;
  readonly mappingDigest: string;
  readonly columns: readonly string[];
}
