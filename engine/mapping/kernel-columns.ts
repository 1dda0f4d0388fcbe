import type { RowKernel } from "../source/row-kernel.ts";
import type { ByteRule } from "./byte-rule.ts";
import { NO_FIELD } from "./cell-writer.ts";
import { numberKinds } from "./number-copy.ts";
import type { PlainColumn } from "./plain-column.ts";
import type { KeyKind } from "./row-program.ts";

/** A plain column as the kernel does it; null in its place for one that it can't do. */
export interface KernelColumn {
  readonly plain: PlainColumn;
  readonly seed: number;
  readonly keyKind: KeyKind | null;
}

/** Words of a column in the kernel's table: see map.as.ts. */
const WORDS = 16;
const HOW_JAVASCRIPT = 0;
const HOW_COPY = 1;
const HOW_LETTERS = 2;
const HOW_NUMBER = 3;

/** Writes the table of columns into the kernel's memory; false when it has no room for them. */
export function writeColumns(
  columns: readonly (KernelColumn | null)[],
  places: Int32Array,
  { table }: RowKernel,
): boolean {
  const bytes = columns.length * WORDS * 4;
  if (bytes > table.length) return false;
  const words = new Int32Array(table.buffer, table.byteOffset, table.length / 4);
  words.fill(0);
  let free = bytes;
  /** Puts bytes beside the table; gives their address, or 0 when they do not fit. */
  const put = (data: Uint8Array): number => {
    if (free + data.length > table.length) return 0;
    table.set(data, free);
    const address = table.byteOffset + free;
    free += (data.length + 15) & ~15;
    return address;
  };
  columns.forEach((column, c) => {
    const place = places[c] ?? NO_FIELD;
    if (column === null || place === NO_FIELD) return;
    const record = encode(column, put);
    if (record === null) return;
    words.set([place, ...record], c * WORDS);
  });
  return true;
}

/** The words after the place; null for what the kernel can't do: HOW_JAVASCRIPT, which is 0. */
function encode(
  { plain, seed, keyKind }: KernelColumn,
  put: (data: Uint8Array) => number,
): number[] | null {
  const { change, rule, blank } = plain;
  const changed = encodeChange(change, put);
  const [ruleKind, ruleDetail, prefixes] = encodeRule(rule, put);
  if (changed === null || ruleKind < 0) return null;
  const stays = !("code" in blank) && blank.wire === "" && !blank.cleared && !blank.literalNull;
  return [
    changed.how,
    plain.trim ? 1 : 0,
    plain.lengthMax,
    ruleKind,
    ruleDetail,
    prefixes,
    seed,
    keyKind === null ? 0 : KEY_KINDS[keyKind],
    stays ? 1 : 0,
    ...changed.words,
  ];
}

const KEY_KINDS: Readonly<Record<KeyKind, number>> = {
  text: 1,
  textCaseSensitive: 2,
  number: 3,
  id: 4,
};

/** Lowest and highest letter to change, whether spaces collapse, whether only digits stay, kinds. */
function encodeChange(
  change: PlainColumn["change"],
  put: (data: Uint8Array) => number,
): { readonly how: number; readonly words: readonly number[] } | null {
  switch (change.kind) {
    case "copy":
      return { how: HOW_COPY, words: [] };
    case "letters": {
      const { letters, collapse, digits } = change;
      const [low, high] = letters === "keep" ? [1, 0] : letters === "lower" ? [65, 90] : [97, 122];
      return { how: HOW_LETTERS, words: [low, high, collapse ? 1 : 0, digits ? 1 : 0] };
    }
    case "number": {
      const kinds = put(numberKinds(change.locale));
      return kinds === 0 ? null : { how: HOW_NUMBER, words: [0, 0, 0, 0, kinds] };
    }
    case "date":
    case "dateTime":
      return { how: HOW_JAVASCRIPT, words: [] };
  }
}

/** Kind, detail and address of the prefixes; a kind below 0 where the kernel can't tell. */
function encodeRule(
  rule: ByteRule | null,
  put: (data: Uint8Array) => number,
): readonly [number, number, number] {
  if (rule === null) return [0, 0, 0];
  switch (rule.kind) {
    case "email":
      return [1, 0, 0];
    case "number":
      return [2, rule.digitsMax, 0];
    case "date":
      return [3, 0, 0];
    case "dateTime":
      return [4, 0, 0];
    case "id": {
      if (rule.prefixes === null) return [5, 0, 0];
      const bytes = new Uint8Array(rule.prefixes.length * 4);
      rule.prefixes.forEach((prefix, i) => {
        bytes.set(prefix.subarray(0, 3), i * 4);
      });
      const address = rule.prefixes.length === 0 ? 0 : put(bytes);
      return address === 0 ? [-1, 0, 0] : [5, rule.prefixes.length, address];
    }
  }
}
