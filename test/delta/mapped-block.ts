import { type MappedBlock, ROW_MAPPED } from "../../engine/mapping/row-program.ts";

export interface ModelRow {
  readonly status: number;
  /** Which key: the same number is the same key. */
  readonly key: number;
  /** One small number a column; the row's digest follows from them. */
  readonly fields: readonly number[];
}

/** Four words for a key: spread over the parts, with neighbours that share words. */
export function keyWords(key: number): readonly [number, number, number, number] {
  const third = key < 12 ? 7 : Math.imul(key, 0x85ebca6b) >>> 0;
  return [Math.imul(key >> 1, 0x9e3779b1) >>> 0, key & 3, third, key];
}

export function rowWords(fields: readonly number[]): readonly [number, number] {
  const low = fields.reduce((sum, field, i) => (Math.imul(sum, 31) + field * (i + 1)) >>> 0, 5);
  return [low, ~low >>> 0];
}

/** What mapping would give for these rows. */
export function mappedBlock(rows: readonly ModelRow[], width: number): MappedBlock {
  return {
    rowCount: rows.length,
    status: Uint8Array.from(rows, ({ status }) => status),
    problems: new Map(),
    bytes: new Uint8Array(0),
    rowStart: new Int32Array(rows.length + 1),
    keyDigest: Uint32Array.from(rows.flatMap(({ key }) => [...keyWords(key)])),
    rowDigest: Uint32Array.from(rows.flatMap(({ fields }) => [...rowWords(fields)])),
    fieldDigest: Uint16Array.from(rows.flatMap(({ fields }) => [...fields])),
    cleared: new Uint32Array(width),
    literalNulls: 0,
  };
}

export function mappedRow(key: number, fields: readonly number[]): ModelRow {
  return { status: ROW_MAPPED, key, fields };
}
