// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// One cell: copied or changed, judged, digested, quoted. The twin is engine/mapping/plain-cell.ts. It may
// read up to 64 bytes beyond a field and write as far beyond `out`: the memory is padded.

import {
  accepts,
  isDay,
  isEmail,
  isNumber,
  RULE_DATE,
  RULE_EMAIL,
  RULE_NONE,
  RULE_NUMBER,
} from "./byte-rules.as";
import { copyLetters, copyUnescaped, DECLINED, isSpecial, quoteInPlace, quoteRaw } from "./copy.as";
import { copyDate } from "./date.as";
import { digestKey, KEY_NONE } from "./key.as";
import { murmur, murmurFirst, murmurSecond } from "./murmur.as";
import { copyNumber } from "./number.as";
import { findCell } from "./table.as";

/** The record of a column, as engine/mapping/kernel-columns.ts writes it. */
export const COLUMN_BYTES: i32 = 64;
/** Place of the field in a source row, times four. */
export const PLACE: usize = 0;
/** How the text becomes a value, in the lowest byte, and flags. */
export const SHAPE: usize = 4;
export const SEED: usize = 8;
/** Characters at most. */
export const LENGTH_MAX: usize = 12;
/** Address of the known cell of a blank; 0 where JavaScript knows. */
export const BLANK: usize = 16;
const RULE: usize = 20;
const RULE_DETAIL: usize = 24;
const PREFIXES: usize = 28;
const KEY: usize = 32;
/** Address of what a number, a date or a table needs. */
const DETAIL: usize = 36;
/** The words 10 to 13 are told in copy.as.ts. */

export const HOW_MASK: i32 = 0xff;
export const HOW_JAVASCRIPT: i32 = 0;
export const HOW_COPY: i32 = 1;
const HOW_LETTERS: i32 = 2;
const HOW_NUMBER: i32 = 3;
const HOW_DATE: i32 = 4;
/** Looked up as it is, and once its letters are changed. */
const HOW_TABLE: i32 = 5;
const HOW_LETTERS_TABLE: i32 = 6;
/** Spaces around the text are cut. */
export const TRIMMED: i32 = 0x100;
/** There is a rule or a key. */
export const JUDGED: i32 = 0x200;

export const NULL_TEXT: u32 = 0x412f4e23;
const QUOTE: i32 = 34;

/** Both halves of the digest of the cell that a function of this file wrote last. */
export let cellFirst: u64 = 0;
export let cellSecond: u64 = 0;

/** Writes the value of a text that comes out changed at `out`, and gives where the cell ends. `quote`: what
 *  stands doubled in the text, 0 for nothing. */
export function changedCell(
  column: i32,
  quote: i32,
  from: i32,
  to: i32,
  out: i32,
  keyAt: i32,
): i32 {
  // Looked for before the changes too, where they would hide it.
  if (isNullText(from, to)) return DECLINED;
  const shape: i32 = load<i32>(column, SHAPE);
  const how: i32 = shape & HOW_MASK;
  if (how === HOW_JAVASCRIPT) return DECLINED;
  const detail: i32 = load<i32>(column, DETAIL);
  let start: i32 = from;
  let end: i32 = to;
  if (quote !== 0) {
    end = copyUnescaped(quote, from, to, out);
    start = out;
  }
  if (how === HOW_LETTERS || how === HOW_LETTERS_TABLE) {
    end = copyLetters(column, start, end, out);
    start = out;
  } else if (how === HOW_NUMBER) {
    if (quote !== 0) return DECLINED;
    end = copyNumber(detail, start, end, out);
  } else if (how === HOW_DATE) {
    if (quote !== 0) return DECLINED;
    end = copyDate(detail, start, end, out);
  }
  if (end < 0) return DECLINED;
  if (how >= HOW_TABLE) {
    if (start === end || isNullText(start, end)) return DECLINED;
    return knownCell(findCell(detail, start, end - start), out);
  }
  if (end === out || isNullText(out, end)) return DECLINED;
  digestValue(column, out, end);
  if (end - out > load<i32>(column, LENGTH_MAX) && isTooLong(column, out, end)) return DECLINED;
  if ((shape & JUDGED) !== 0 && !passes(column, out, end, keyAt)) return DECLINED;
  if (!isSpecial(out, end)) return end;
  // What was doubled in the source is what must be doubled in the cell.
  if (how === HOW_COPY && quote === QUOTE) return quoteRaw(from, to, out);
  return quoteInPlace(out, end);
}

/** Copies a cell that was made beforehand: its length (4), the third word of its digest (4), the first
 *  two (8), its bytes. */
export function knownCell(known: i32, out: i32): i32 {
  if (known === 0) return DECLINED;
  const length: i32 = load<i32>(known);
  cellSecond = load<u32>(known, 4);
  cellFirst = load<u64>(known, 8);
  for (let i: i32 = 0; i < length; i += 16) v128.store(out + i, v128.load(known + 16 + i));
  return out + length;
}

/** Digests what JavaScript wrote, and puts it into quotes where it needs them. */
export function writtenCell(column: i32, start: i32, end: i32): i32 {
  cellFirst = 0;
  cellSecond = 0;
  if (start === end) return end;
  digestValue(column, start, end);
  return isSpecial(start, end) ? quoteInPlace(start, end) : end;
}

function digestValue(column: i32, start: i32, end: i32): void {
  murmur(start, end, load<u32>(column, SEED));
  cellFirst = murmurFirst;
  cellSecond = murmurSecond;
}

/** What the type of the field says, and whether the key could be folded. */
export function passes(column: i32, start: i32, end: i32, keyAt: i32): bool {
  return passesInline(column, start, end, keyAt);
}

/** The same without a call for what is common. */
// @inline
export function passesInline(column: i32, start: i32, end: i32, keyAt: i32): bool {
  const rule: i32 = load<i32>(column, RULE);
  if (rule !== RULE_NONE) {
    if (rule === RULE_EMAIL) {
      if (!isEmail(start, end)) return false;
    } else if (rule === RULE_DATE) {
      if (end - start !== 10 || !isDay(start)) return false;
    } else if (rule === RULE_NUMBER) {
      if (!isNumber(start, end, load<i32>(column, RULE_DETAIL))) return false;
    } else {
      const prefixes: i32 = load<i32>(column, PREFIXES);
      if (!accepts(rule, load<i32>(column, RULE_DETAIL), prefixes, start, end)) return false;
    }
  }
  const key: i32 = load<i32>(column, KEY);
  return key === KEY_NONE || digestKey(key, start, end, keyAt);
}

export function isTooLong(column: i32, start: i32, end: i32): bool {
  return characters(start, end) > load<i32>(column, LENGTH_MAX);
}

/** Bytes that do not continue a character. */
export function characters(from: i32, to: i32): i32 {
  let count: i32 = 0;
  for (let i: i32 = from; i < to; i++) if ((load<u8>(i) & 0xc0) !== 0x80) count++;
  return count;
}

function isNullText(from: i32, to: i32): bool {
  return to - from === 4 && load<u32>(from) === NULL_TEXT;
}
