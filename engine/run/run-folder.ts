import path from "node:path";

/** The files of one run, all in one folder under the state folder. */
export interface RunFolder {
  readonly folder: string;
  /** The CSV that becomes one job. */
  chunkCsv(index: number): string;
  /** Where each of the chunk's rows stands in the source: see row-origins.ts. */
  chunkOrigins(index: number): string;
  /** The fingerprints of the chunk's rows, in the chunk's order. */
  chunkPrints(index: number): string;
  /** The rows of the chunk that did not arrive, one JSON a line. */
  chunkMisses(index: number): string;
  resultSet(index: number, kind: string): string;
  /** One decision a source row. */
  readonly decisions: string;
  readonly invalidCsv: string;
  readonly failedCsv: string;
}

export function runFolder(folder: string): RunFolder {
  const name = (index: number) => `chunk-${String(index).padStart(4, "0")}`;
  const at = (file: string) => path.join(folder, file);
  return {
    folder,
    chunkCsv: (index) => at(`${name(index)}.csv`),
    chunkOrigins: (index) => at(`${name(index)}.rows`),
    chunkPrints: (index) => at(`${name(index)}.keys`),
    chunkMisses: (index) => at(`${name(index)}.misses`),
    resultSet: (index, kind) => at(`${name(index)}.${kind}.csv`),
    decisions: at("decisions.bin"),
    invalidCsv: at("invalid.csv"),
    failedCsv: at("failed.csv"),
  };
}
