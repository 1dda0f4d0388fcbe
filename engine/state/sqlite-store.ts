import path from "node:path";
import type { Clock } from "../base/clock.ts";
import { newUuid } from "../base/ids.ts";
import { openDatabase, stateError } from "./open-database.ts";
import { type ProcessIdentity, thisProcess } from "./process-identity.ts";
import { insertChunks, readChunk, readChunks, readJobIds, writeChunk } from "./sqlite-chunks.ts";
import { beat, freeLease, heldLeases, requireEpoch, takeLease } from "./sqlite-leases.ts";
import { insertRun, queryRuns, streamOf, writeRun } from "./sqlite-runs.ts";
import {
  addSegment,
  findOrAddStream,
  forget,
  moveStream,
  queryStreams,
  readReading,
  readSegments,
  swapSegments,
  writeReading,
} from "./sqlite-streams.ts";
import type { Lease, RunRow, StateStore } from "./state-store.ts";
import { newPlaces } from "./stored-places.ts";
import { transaction } from "./transaction.ts";

/** The state store in one SQLite file, `state.db` in `folder`. Throws as `openDatabase` does. Tests
 *  give another `identity` to be another process. */
export function openSqliteStore(
  folder: string,
  clock: Clock,
  identity: ProcessIdentity = thisProcess(),
): StateStore {
  const database = openDatabase(folder);
  const file = path.join(folder, "state.db");
  const me = { ...identity, owner: newUuid() };
  /** Leases under which a run of this process is at work. */
  const atWork = new Set<number>();

  /** One immediate transaction that requires the lease's epoch before it writes anything. */
  const write = async <T>(lease: Lease | null, action: () => T): Promise<T> =>
    guarded(file, () =>
      transaction(database, () => {
        if (lease !== null) requireEpoch(database, lease);
        return action();
      }),
    );
  const read = async <T>(action: () => T): Promise<T> => guarded(file, action);
  const places = newPlaces(folder);
  const runs = (rest: string, values: readonly unknown[]): Promise<RunRow[]> =>
    read(() => queryRuns(database, rest, values).map(places.ofRun));

  return {
    openStream: (key) => write(null, () => findOrAddStream(database, key)),
    listStreams: () => read(() => queryStreams(database)),
    async acquireLease(streamId, signal) {
      try {
        const isBusy = (lockId: number) => atWork.has(lockId);
        const lease = await takeLease(database, streamId, { me, isBusy, clock, signal });
        atWork.add(lease.lockId);
        return lease;
      } catch (error) {
        if (signal?.aborted) throw error;
        throw stateError(error, file);
      }
    },
    heartbeat: (lease) => write(null, () => beat(database, lease)),
    releaseLease(lease) {
      atWork.delete(lease.lockId);
      return write(null, () => freeLease(database, lease));
    },
    countLeases: () => read(() => heldLeases(database)),

    createRun: (lease, run, end = {}) =>
      write(lease, () => {
        insertRun(database, { ...run, folder: places.inside(run.folder) });
        writeRun(database, run.id, places.insideChange(end));
      }),
    updateRun: (lease, runId, change, publish = () => {}) =>
      write(lease, () => {
        publish();
        writeRun(database, runId, places.insideChange(change));
      }),
    readRun: async (runId) => (await runs("where id = ?", [runId]))[0] ?? null,
    listRuns: ({ sync, limit }) =>
      sync === undefined
        ? runs("order by rowid desc limit ?", [limit])
        : runs("where sync = ? order by rowid desc limit ?", [sync, limit]),
    laterRuns: (run) =>
      runs(
        `where sync = ? and org_id = ?
           and rowid > (select rowid from runs where id = ?) order by rowid`,
        [run.sync, run.orgId, run.id],
      ),
    unfinishedRun: async (streamId) => (await runs(UNFINISHED, [streamId]))[0] ?? null,

    addChunks: (lease, chunks) => write(lease, () => insertChunks(database, chunks)),
    saveChunk: (lease, id, change, apiCalls) =>
      write(lease, () => {
        writeChunk(database, id, change);
        if (apiCalls !== undefined) writeRun(database, id.runId, { apiCalls });
        return readChunk(database, id);
      }),
    settleChunk: (lease, id, settlement) =>
      write(lease, () => {
        const { counts, misses, segment } = settlement;
        writeChunk(database, id, { phase: "settled", counts, misses });
        // The run's own stream: the lease may have been asked for by a newer one of the same sync.
        const streamId = streamOf(database, id.runId);
        if (segment !== null) addSegment(database, streamId, places.insideSegment(segment));
        moveStream(database, streamId, settlement.mappingDigest, settlement.columns);
        return readChunk(database, id);
      }),
    listChunks: (runId) => read(() => readChunks(database, runId)),
    listJobIds: () => read(() => readJobIds(database)),

    listSegments: (streamId) => read(() => readSegments(database, streamId).map(places.ofSegment)),
    replaceSegments: (lease, old, merged) =>
      write(lease, () => swapSegments(database, lease.streamId, old, places.insideSegment(merged))),
    importStream: (lease, { segment, mappingDigest, columns }) =>
      write(lease, () => {
        forget(database, lease.streamId);
        addSegment(database, lease.streamId, places.insideSegment(segment));
        moveStream(database, lease.streamId, mappingDigest, columns);
      }),
    readReading: (streamId) => read(() => readReading(database, streamId)),
    saveReading: (lease, reading) =>
      write(lease, () => writeReading(database, lease.streamId, reading)),
    forgetStream: (lease) => write(lease, () => forget(database, lease.streamId)),
    close: () => database.close(),
  };
}

/** A spec whose operation or key was edited has a new stream; what its old one left comes first. */
const UNFINISHED = `where ended = 0 and stream_id in
  (select other.id from streams own join streams other
     on other.sync = own.sync and other.org_id = own.org_id where own.id = ?)
  order by rowid limit 1`;

function guarded<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw stateError(error, file);
  }
}
