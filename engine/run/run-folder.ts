import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { ChunkRow, RunRow } from "../state/state-store.ts";

/** The files of one run, all in one folder under the state folder. A process that lost its lease may
 *  still be writing when its successor does: so each lease's files that are not yet under their
 *  final name, or whose content the org decides, bear its epoch, and the two never meet in one file. */
export interface RunFolder {
  readonly folder: string;
  /** The CSV that becomes one job. */
  chunkCsv(index: number): string;
  /** Where each of the chunk's rows stands in the source: see row-origins.ts. */
  chunkOrigins(index: number): string;
  /** The fingerprints of the chunk's rows, in the chunk's order. */
  chunkPrints(index: number): string;
  /** A name for the rows that did not arrive, one JSON a line; saved with the chunk. */
  missesName(index: number): string;
  /** The chunk's file of rows that did not arrive; null when there are none. */
  missesOf(chunk: Pick<ChunkRow, "misses">): string | null;
  resultSet(index: number, kind: string): string;
  /** Result sets of the chunk that are complete, whichever process read them. */
  savedResultSets(index: number, kind: string): string[];
  /** The name under which this process writes a file before it gets its final one. */
  unfinished(file: string): string;
  /** Removes what processes of earlier leases wrote and did not come to publish. */
  removeUnfinished(): void;
  /** Removes what only a resume needs, and the folder when nothing else is in it. For runs that have ended. */
  removeForResume(): void;
  /** One decision a source row. */
  readonly decisions: string;
  /** The org's Ids by key, as they were looked up for the plan. */
  readonly ids: string;
  /** Of a retry: the rows of the earlier run that are sent again. */
  readonly retriedRows: string;
  /** Of a mirror: the records that left, with the digests of their keys. */
  readonly mirrorRows: string;
  readonly leftOutCsv: string;
  readonly invalidCsv: string;
  readonly failedCsv: string;
}

/** Somebody may have removed the folder of a run that has ended, to have the room. */
export function filesAreGone(run: Pick<RunRow, "folder">): boolean {
  return !existsSync(run.folder);
}

/** `epoch` is that of the lease under which files are written; reading needs none. */
export function runFolder(folder: string, epoch = 0): RunFolder {
  const name = (index: number) => `chunk-${String(index).padStart(4, "0")}`;
  const at = (file: string) => path.join(folder, file);
  return {
    folder,
    chunkCsv: (index) => at(`${name(index)}.csv`),
    chunkOrigins: (index) => at(`${name(index)}.rows`),
    chunkPrints: (index) => at(`${name(index)}.prints`),
    missesName: (index) => `${name(index)}.e${epoch}.misses`,
    missesOf: ({ misses }) => (misses === null ? null : at(misses)),
    resultSet: (index, kind) => at(`${name(index)}.e${epoch}.${kind}.csv`),
    savedResultSets: (index, kind) =>
      readdirSync(folder)
        .filter((file) => file.startsWith(`${name(index)}.e`) && file.endsWith(`.${kind}.csv`))
        .map(at),
    unfinished: (file) => `${file}.e${epoch}`,
    removeUnfinished() {
      for (const file of existsSync(folder) ? readdirSync(folder) : []) {
        const writer = UNFINISHED.exec(file)?.[1];
        if (writer !== undefined && Number(writer) < epoch) rmSync(at(file), { force: true });
      }
    },
    removeForResume() {
      for (const file of ["decisions.bin", "ids.bin", "retried.bin"])
        rmSync(at(file), { force: true });
      if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
    },
    decisions: at("decisions.bin"),
    ids: at("ids.bin"),
    retriedRows: at("retried.bin"),
    mirrorRows: at("mirror.txt"),
    leftOutCsv: at("left-out.csv"),
    invalidCsv: at("invalid.csv"),
    failedCsv: at("failed.csv"),
  };
}

const UNFINISHED = /^(?:chunk-\d+\.(?:csv|rows|prints)|failed\.csv)\.e(\d+)$/;
