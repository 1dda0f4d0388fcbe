// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/byte-copy.ts: copies of a field's bytes to `out`, changed on their way or
// not, that give where they end. They may write up to 16 bytes beyond that.

import { LOW_HALF, SPECIALS } from "./lanes.as";
import { firstBytes } from "./murmur.as";

/** Only JavaScript knows what becomes of it. */
export const DECLINED: i32 = -1;

const CR: i32 = 13;
const SPACE: i32 = 32;
const QUOTE: i32 = 34;

/** Marks quotes, commas, line feeds and returns: the low half of a byte picks the only one of them that
 *  it can be. */
// @inline
export function specials(bytes: v128): v128 {
  const place = v128.and(bytes, v128.load(LOW_HALF));
  return i8x16.eq(i8x16.swizzle(v128.load(SPECIALS), place), bytes);
}

/** Whether a value needs quotes around it. */
export function isSpecial(start: i32, end: i32): bool {
  for (let i: i32 = start; i < end; i += 16) {
    const bytes = firstBytes(v128.load(i), min(16, end - i));
    if (v128.any_true(specials(bytes))) return true;
  }
  return false;
}

/** A copy in which doubled quotes become one. */
export function copyUnescaped(quote: i32, from: i32, to: i32, out: i32): i32 {
  const isQuote = i8x16.splat(<i8>quote);
  let i: i32 = from;
  let at: i32 = out;
  while (i < to) {
    const bytes = v128.load(i);
    v128.store(at, bytes);
    const count: i32 = min(16, to - i);
    const place: i32 = ctz(i8x16.bitmask(i8x16.eq(bytes, isQuote)) | 0x10000);
    if (place >= count) {
      i += count;
      at += count;
    } else {
      i += place + 2;
      at += place + 1;
    }
  }
  return at;
}

/** Letters from LOW to HIGH change their case: places in a column of the table, see map.as.ts. */
const LOW: usize = 40;
const HIGH: usize = 44;
/** 1 where spaces become one, and where only digits stay. */
const COLLAPSE: usize = 48;
const DIGITS: usize = 52;

/** Letters change their case, spaces become one, only digits stay, as the column says; all on ASCII. */
export function copyLetters(column: i32, from: i32, to: i32, out: i32): i32 {
  const collapse: bool = load<i32>(column, COLLAPSE) !== 0;
  if (load<i32>(column, DIGITS) !== 0) return copySlowly(column, from, to, out);
  const low = i8x16.splat(<i8>load<i32>(column, LOW));
  const high = i8x16.splat(<i8>load<i32>(column, HIGH));
  let before: i32 = 0;
  for (let i: i32 = from, at: i32 = out; i < to; i += 16, at += 16) {
    const bytes = firstBytes(v128.load(i), min(16, to - i));
    if (i8x16.bitmask(bytes) !== 0) return DECLINED;
    if (collapse) {
      const single: i32 = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>SPACE)));
      const others = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(9)), i8x16.splat(4));
      if ((single & ((single << 1) | before)) !== 0 || v128.any_true(others)) {
        return copySlowly(column, from, to, out);
      }
      before = single >> 15;
    }
    const letters = v128.and(i8x16.ge_s(bytes, low), i8x16.le_s(bytes, high));
    v128.store(at, v128.xor(bytes, v128.and(letters, i8x16.splat(0x20))));
  }
  return out + to - from;
}

/** The same, byte by byte. */
function copySlowly(column: i32, from: i32, to: i32, out: i32): i32 {
  const low: i32 = load<i32>(column, LOW);
  const high: i32 = load<i32>(column, HIGH);
  const collapse: bool = load<i32>(column, COLLAPSE) !== 0;
  const digits: bool = load<i32>(column, DIGITS) !== 0;
  let at: i32 = out;
  let inSpaces: bool = false;
  for (let i: i32 = from; i < to; i++) {
    let byte: i32 = load<u8>(i);
    if (byte >= 0x80) return DECLINED;
    if (digits && (byte < 0x30 || byte > 0x39)) continue;
    const space: bool = byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
    if (collapse && space) {
      if (inSpaces) continue;
      byte = SPACE;
    }
    inSpaces = space;
    store<u8>(at++, byte >= low && byte <= high ? byte ^ 0x20 : byte);
  }
  return at;
}

/** Puts a value that holds something special into quotes, in place. Rewriting line ends is rare enough
 *  for a string. */
export function quoteInPlace(start: i32, end: i32): i32 {
  let quotes: i32 = 0;
  for (let i: i32 = start; i < end; i += 16) {
    const bytes = firstBytes(v128.load(i), min(16, end - i));
    if (v128.any_true(i8x16.eq(bytes, i8x16.splat(<i8>CR)))) return DECLINED;
    quotes += popcnt(i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE))));
  }
  return quotes === 0 ? shiftIntoQuotes(start, end) : doubleQuotes(start, end, quotes);
}

/** Writes a text of the source, in which quotes stand doubled already, in quotes. */
export function quoteRaw(from: i32, to: i32, out: i32): i32 {
  let returns: bool = false;
  for (let i: i32 = from, at: i32 = out + 1; i < to; i += 16, at += 16) {
    const bytes = firstBytes(v128.load(i), min(16, to - i));
    if (v128.any_true(i8x16.eq(bytes, i8x16.splat(<i8>CR)))) returns = true;
    v128.store(at, bytes);
  }
  if (returns) return DECLINED;
  const end: i32 = out + 1 + to - from;
  store<u8>(out, QUOTE);
  store<u8>(end, QUOTE);
  return end + 1;
}

/** Moves the value one byte up, from its end so that nothing is overwritten. */
function shiftIntoQuotes(start: i32, end: i32): i32 {
  const head = v128.load(start);
  for (let i: i32 = end - 16; i > start; i -= 16) v128.store(i + 1, v128.load(i));
  v128.store(start + 1, head);
  store<u8>(start, QUOTE);
  store<u8>(end + 1, QUOTE);
  return end + 2;
}

/** The same with each quote doubled. */
function doubleQuotes(start: i32, end: i32, quotes: i32): i32 {
  let to: i32 = end + quotes + 1;
  store<u8>(to, QUOTE);
  for (let from: i32 = end - 1; from >= start; from--) {
    const byte: i32 = load<u8>(from);
    store<u8>(--to, byte);
    if (byte === QUOTE) store<u8>(--to, QUOTE);
  }
  store<u8>(start, QUOTE);
  return end + quotes + 2;
}
