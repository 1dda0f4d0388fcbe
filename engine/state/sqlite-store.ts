import path from "node:path";
import type { Clock } from "../base/clock.ts";
import { newUuid } from "../base/ids.ts";
import { openDatabase, type SqliteDatabase, stateError } from "./open-database.ts";
import { thisProcess } from "./process-identity.ts";
import { insertChunks, readChunk, readChunks, writeChunk } from "./sqlite-chunks.ts";
import { beat, freeLease, requireEpoch, takeLease } from "./sqlite-leases.ts";
import { insertRun, queryRuns, writeRun } from "./sqlite-runs.ts";
import {
  addSegment,
  findOrAddStream,
  forget,
  moveStream,
  queryStreams,
  readSegments,
  swapSegments,
} from "./sqlite-streams.ts";
import type { Lease, StateStore } from "./state-store.ts";

/** The state store in one SQLite file, `state.db` in `folder`. Throws as `openDatabase` does. */
export function openSqliteStore(folder: string, clock: Clock): StateStore {
  const database = openDatabase(folder);
  const file = path.join(folder, "state.db");
  const me = { ...thisProcess(), owner: newUuid() };

  /** One immediate transaction that requires the lease's epoch before it writes anything. */
  const write = async <T>(lease: Lease | null, action: () => T): Promise<T> =>
    guarded(file, () =>
      transaction(database, () => {
        if (lease !== null) requireEpoch(database, lease);
        return action();
      }),
    );
  const read = async <T>(action: () => T): Promise<T> => guarded(file, action);

  return {
    openStream: (key) => write(null, () => findOrAddStream(database, key)),
    listStreams: () => read(() => queryStreams(database)),
    acquireLease: (streamId) => takeLease(database, streamId, me, clock),
    heartbeat: (lease) => write(null, () => beat(database, lease)),
    releaseLease: (lease) => write(null, () => freeLease(database, lease)),

    createRun: (lease, run) => write(lease, () => insertRun(database, run)),
    updateRun: (lease, runId, change) => write(lease, () => writeRun(database, runId, change)),
    readRun: (runId) => read(() => queryRuns(database, "where id = ?", [runId])[0] ?? null),
    listRuns: ({ sync, limit }) =>
      read(() =>
        sync === undefined
          ? queryRuns(database, "order by rowid desc limit ?", [limit])
          : queryRuns(database, "where sync = ? order by rowid desc limit ?", [sync, limit]),
      ),
    unfinishedRun: (streamId) =>
      read(
        () =>
          queryRuns(database, "where stream_id = ? and ended = 0 order by rowid desc limit 1", [
            streamId,
          ])[0] ?? null,
      ),

    addChunks: (lease, chunks) => write(lease, () => insertChunks(database, chunks)),
    saveChunk: (lease, id, change) =>
      write(lease, () => {
        writeChunk(database, id, change);
        return readChunk(database, id);
      }),
    settleChunk: (lease, id, settlement) =>
      write(lease, () => {
        writeChunk(database, id, { phase: "settled", counts: settlement.counts });
        if (settlement.segment !== null) addSegment(database, lease.streamId, settlement.segment);
        moveStream(database, lease.streamId, settlement.mappingDigest, settlement.columns);
        return readChunk(database, id);
      }),
    listChunks: (runId) => read(() => readChunks(database, runId)),

    listSegments: (streamId) => read(() => readSegments(database, streamId)),
    replaceSegments: (lease, old, merged) =>
      write(lease, () => swapSegments(database, lease.streamId, old, merged)),
    forgetStream: (lease) => write(lease, () => forget(database, lease.streamId)),
    close: () => database.close(),
  };
}

/** Immediate: the write lock is taken before the epoch is read, so nobody can take over in between. */
function transaction<T>(database: SqliteDatabase, action: () => T): T {
  return database.transaction(action).immediate();
}

function guarded<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw stateError(error, file);
  }
}
