import type { RowBlock } from "../source/row-block.ts";
import type { RowCode } from "./row-codes.ts";

/** A spec's mapping compiled once: which columns come out, and how a row of each file becomes one. */
export interface RowProgram {
  /** Canonical API names: the header of every chunk, in this order. */
  readonly columns: readonly string[];
  /** What `fieldDigest` of a column is for a cell that erases its field (#N/A). */
  readonly clearDigests: Uint16Array;
  /** Place of the key column in `columns`; null when rows have no key (a repeated insert). */
  readonly keyColumn: number | null;
  /** How two keys compare: see SEMANTICS "Keys". */
  readonly keyKind: KeyKind | null;
  /** Digest of the mapping, to tell "mapping changed" from "data changed". */
  readonly mappingDigest: string;
  /** Maps the rows of one block. The result is valid until the next call. Never throws for a row. */
  mapBlock(block: RowBlock): MappedBlock;
}

export type KeyKind = "text" | "textCaseSensitive" | "number" | "id";

export const ROW_MAPPED = 0;
export const ROW_FILTERED = 1;
export const ROW_INVALID = 2;

/** The rows of one block after the mapping: same order, same count as the block's rows. The digests of
 *  rows that are not mapped mean nothing. */
export interface MappedBlock {
  readonly rowCount: number;
  /** ROW_MAPPED, ROW_FILTERED or ROW_INVALID. */
  readonly status: Uint8Array;
  /** Why a row is invalid, by its place in the block. */
  readonly problems: ReadonlyMap<number, RowProblem>;
  /** Canonical CSV of each mapped row, with its LF: from rowStart[r] to rowStart[r + 1]. */
  readonly bytes: Uint8Array;
  readonly rowStart: Int32Array;
  /** Four words a row: 128 bits of the folded key. All zero without a key. */
  readonly keyDigest: Uint32Array;
  /** Two words a row: 64 bits over (field name, wire value) pairs, whatever their order. */
  readonly rowDigest: Uint32Array;
  /** One a row and column: 16 bits of each field, for the plan's histogram only. */
  readonly fieldDigest: Uint16Array;
  /** Cells of mapped rows that are written as #N/A, counted by column. */
  readonly cleared: Uint32Array;
  /** Cells of mapped rows whose source text was exactly #N/A: treated as blank, counted for a
   *  warning. */
  readonly literalNulls: number;
}

export interface RowProblem {
  readonly code: RowCode;
  /** The target field, or the source column where no field is to blame; empty for the whole row. */
  readonly field: string;
  /** A full sentence, without the value unless the value is what the reader needs to find the cell. */
  readonly reason: string;
}
