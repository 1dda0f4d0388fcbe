import type { ByteRule } from "./byte-rule.ts";
import { NO_FIELD } from "./cell-writer.ts";
import { dateBytes } from "./kernel-date.ts";
import { type Put, putKnownCell, putKnownTexts } from "./kernel-known.ts";
import type { KnownTexts } from "./known-texts.ts";
import { numberKinds } from "./number-copy.ts";
import type { PlainColumn, PlainTransforms } from "./plain-column.ts";
import type { KeyKind } from "./row-program.ts";

/** A column as the kernel sees it. */
export interface KernelColumn {
  /** Seeds the digests of its cells. */
  readonly seed: number;
  readonly keyKind: KeyKind | null;
  /** Null where every cell is JavaScript's. */
  readonly rules: KernelRules | null;
}

export type KernelRules =
  | { readonly kind: "plain"; readonly plain: PlainColumn }
  | { readonly kind: "known"; readonly texts: KnownTexts };

/** Words of a column in the kernel's table: see cell.as.ts. */
const WORDS = 16;
const HOW_COPY = 1;
const HOW_LETTERS = 2;
const HOW_NUMBER = 3;
const HOW_DATE = 4;
const HOW_TABLE = 5;
const HOW_LETTERS_TABLE = 6;
const TRIMMED = 0x100;
const JUDGED = 0x200;
const LENGTH_UNLIMITED = 0x7fffffff;

/** The table of columns, and behind it what it points to, for a place in the kernel's memory; null when
 *  it is longer than `room`. `places`: where each column's field stands in a row. */
export function encodeColumns(
  columns: readonly KernelColumn[],
  places: Int32Array,
  { at, room }: { readonly at: number; readonly room: number },
): Uint8Array | null {
  const words = new Int32Array(columns.length * WORDS);
  if (words.byteLength > room) return null;
  const bytes = new Uint8Array(room);
  let free = words.byteLength;
  const put = (data: Uint8Array): number => {
    if (free + data.length > room) return 0;
    const address = at + free;
    bytes.set(data, free);
    free += (data.length + 15) & ~15;
    return address;
  };
  columns.forEach((column, c) => {
    const place = places[c] ?? NO_FIELD;
    const record = place === NO_FIELD ? null : encode(column, put);
    // Without a record: HOW_JAVASCRIPT.
    words.set(record ?? [0, 0, column.seed], c * WORDS);
    if (record !== null) words[c * WORDS] = place * 4;
  });
  bytes.set(new Uint8Array(words.buffer));
  return bytes.subarray(0, free);
}

/** The words of a column; null for one that the kernel can't do. */
function encode({ seed, keyKind, rules }: KernelColumn, put: Put): readonly number[] | null {
  switch (rules?.kind) {
    case undefined:
      return null;
    case "known":
      return encodeKnown(rules.texts, seed, put);
    case "plain":
      return encodePlain(rules.plain, {
        seed,
        key: keyKind === null ? 0 : KEY_KINDS[keyKind],
        put,
      });
  }
}

interface PlainInput {
  readonly seed: number;
  readonly key: number;
  readonly put: Put;
}

function encodePlain(plain: PlainColumn, { seed, key, put }: PlainInput): number[] | null {
  const change = encodeChange(plain.change, put);
  const rule = encodeRule(plain.rule, put);
  if (change === null || rule === null) return null;
  const judged = rule[0] !== 0 || key !== 0;
  return [
    0,
    change.how + (plain.trim ? TRIMMED : 0) + (judged ? JUDGED : 0),
    seed,
    plain.lengthMax === 0 ? LENGTH_UNLIMITED : plain.lengthMax,
    putKnownCell(plain.blank, seed, put),
    ...rule,
    key,
    change.detail,
    ...change.letters,
  ];
}

function encodeKnown(texts: KnownTexts, seed: number, put: Put): number[] | null {
  const table = putKnownTexts(texts, seed, put);
  if (table === 0) return null;
  const { letters, collapse, digits } = texts;
  const changed = letters !== "keep" || collapse || digits;
  const shape = (changed ? HOW_LETTERS_TABLE : HOW_TABLE) + (texts.trim ? TRIMMED : 0);
  const blank = putKnownCell(texts.blank, seed, put);
  return [0, shape, seed, 0, blank, 0, 0, 0, 0, table, ...lettersOf({ kind: "letters", ...texts })];
}

const KEY_KINDS: Readonly<Record<KeyKind, number>> = {
  text: 1,
  textCaseSensitive: 2,
  number: 3,
  id: 4,
};

interface Change {
  readonly how: number;
  readonly letters: readonly number[];
  readonly detail: number;
}

function encodeChange(change: PlainColumn["change"], put: Put): Change | null {
  switch (change.kind) {
    case "copy":
      return { how: HOW_COPY, letters: lettersOf(change), detail: 0 };
    case "letters":
      return { how: HOW_LETTERS, letters: lettersOf(change), detail: 0 };
    case "number": {
      const detail = put(numberKinds(change.locale));
      return detail === 0 ? null : { how: HOW_NUMBER, letters: NO_LETTERS, detail };
    }
    case "date": {
      const bytes = dateBytes(change.format);
      const detail = bytes === null ? 0 : put(bytes);
      return detail === 0 ? null : { how: HOW_DATE, letters: NO_LETTERS, detail };
    }
    case "dateTime":
      return null;
  }
}

const NO_LETTERS = [1, 0, 0, 0] as const;

/** Lowest and highest letter to change, whether spaces collapse, whether only digits stay. */
function lettersOf(change: PlainTransforms): readonly number[] {
  if (change.kind === "copy") return NO_LETTERS;
  const { letters, collapse, digits } = change;
  const [low, high] = letters === "keep" ? [1, 0] : letters === "lower" ? [65, 90] : [97, 122];
  return [low, high, collapse ? 1 : 0, digits ? 1 : 0];
}

/** Kind, detail and address of the prefixes; null where the kernel can't tell. */
function encodeRule(rule: ByteRule | null, put: Put): readonly [number, number, number] | null {
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
      return address === 0 ? null : [5, rule.prefixes.length, address];
    }
  }
}
