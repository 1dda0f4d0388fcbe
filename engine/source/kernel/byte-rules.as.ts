// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/byte-rule.ts: forms of ASCII that are surely fine. False says nothing.

import { BEFORE_A, DAY_HIGH, DAY_LOW, NINES, VISIBLE, ZEROS } from "./lanes.as";

export const RULE_NONE: i32 = 0;
export const RULE_EMAIL: i32 = 1;
export const RULE_NUMBER: i32 = 2;
export const RULE_DATE: i32 = 3;
export const RULE_DATE_TIME: i32 = 4;
export const RULE_ID: i32 = 5;

/** `detail`: the most digits of a number; how many prefixes an Id may have, 0 for any. They lie at
 *  `prefixes`, four bytes each. */
export function accepts(rule: i32, detail: i32, prefixes: i32, start: i32, end: i32): bool {
  switch (rule) {
    case RULE_NONE:
      return true;
    case RULE_EMAIL:
      return isEmail(start, end);
    case RULE_NUMBER:
      return isNumber(start, end, detail);
    case RULE_DATE:
      return end - start === 10 && isDay(start);
    case RULE_DATE_TIME:
      return isUtcTime(start, end);
    case RULE_ID:
      return isId(start, end, detail, prefixes);
    default:
      return false;
  }
}

/** Visible ASCII with one @ that stands neither first nor last. */
// @inline
export function isEmail(start: i32, end: i32): bool {
  // One bit a byte, of 64 at most: longer ones are rare.
  if (end - start > 64) return false;
  let ats: u64 = 0;
  let others: u64 = 0;
  for (let i: i32 = start; i < end; i += 16) {
    const bytes = v128.load(i);
    const shift: u64 = i - start;
    ats |= (<u64>i8x16.bitmask(i8x16.eq(bytes, v128.load(BEFORE_A)))) << shift;
    // Bytes beyond ASCII are negative.
    others |= (<u64>i8x16.bitmask(i8x16.gt_s(v128.load(VISIBLE), bytes))) << shift;
  }
  const all: u64 = u64.MAX_VALUE >> (64 - (end - start));
  ats &= all;
  return (others & all) === 0 && popcnt(ats) === 1 && (ats & 1) === 0 && (ats & (all >> 1)) === ats;
}

/** A sign, digits, a point, digits. */
// @inline
export function isNumber(start: i32, end: i32, digitsMax: i32): bool {
  const length: i32 = end - start;
  if (length > 16) return false;
  const sign: i32 = load<u8>(start);
  const first: i32 = sign === 0x2d || sign === 0x2b ? 1 : 0;
  const digits = i8x16.le_u(i8x16.sub(v128.load(start), v128.load(ZEROS)), v128.load(NINES));
  const others: i32 = (((1 << length) - 1) & ~i8x16.bitmask(digits)) >> first;
  if (others !== 0) {
    if ((others & (others - 1)) !== 0) return false;
    if (load<u8>(start + first + ctz(others)) !== 0x2e) return false;
  }
  const whole: i32 = others !== 0 ? ctz(others) : length - first;
  return whole > 0 && (digitsMax <= 0 || whole <= digitsMax);
}

/** yyyy-MM-dd with a day that the month has; the 29th of February is not told. */
// @inline
export function isDay(start: i32): bool {
  const bytes = v128.load(start);
  const outside = v128.or(
    i8x16.sub_sat_u(v128.load(DAY_LOW), bytes),
    i8x16.sub_sat_u(bytes, v128.load(DAY_HIGH)),
  );
  if (v128.any_true(outside)) return false;
  return isDayOfMonth(two(start + 5), two(start + 8));
}

// @inline
export function isDayOfMonth(month: i32, day: i32): bool {
  if (month < 1 || month > 12 || day < 1) return false;
  return (
    day <= 28 || (day <= 30 && month !== 2) || (day === 31 && ((LONG_MONTHS >> month) & 1) !== 0)
  );
}

/** A bit for each month of 31 days. */
const LONG_MONTHS: i32 = 0b1010110101010;

/** yyyy-MM-ddTHH:mm:ssZ, with or without parts of a second. */
function isUtcTime(start: i32, end: i32): bool {
  if (end - start < 20 || !isDay(start)) return false;
  if (load<u8>(start, 10) !== 0x54 || load<u8>(end - 1) !== 0x5a) return false;
  if (load<u8>(start, 13) !== 0x3a || load<u8>(start, 16) !== 0x3a) return false;
  if (two(start + 11) < 0 || two(start + 14) < 0 || two(start + 17) < 0) return false;
  if (end - start === 20) return true;
  if (load<u8>(start, 19) !== 0x2e || end - start === 21) return false;
  for (let i: i32 = start + 20; i < end - 1; i++) if (!isDigit(load<u8>(i))) return false;
  return true;
}

function isId(start: i32, end: i32, count: i32, prefixes: i32): bool {
  const length: i32 = end - start;
  if (length !== 15 && length !== 18) return false;
  for (let i: i32 = start; i < end; i++) {
    const byte: i32 = load<u8>(i);
    const letter: i32 = byte | 0x20;
    if (isDigit(byte)) {
      if (i >= start + 15 && byte > 0x35) return false;
    } else if (letter < 0x61 || letter > 0x7a) return false;
  }
  if (count === 0) return true;
  const prefix: u32 = load<u32>(start) & 0xffffff;
  for (let i: i32 = 0; i < count; i++) if (load<u32>(prefixes + (i << 2)) === prefix) return true;
  return false;
}

// @inline
function isDigit(byte: i32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** The value of two digits; -1 where they are none. */
// @inline
export function two(at: i32): i32 {
  const tens: i32 = load<u8>(at);
  const ones: i32 = load<u8>(at, 1);
  if (!isDigit(tens) || !isDigit(ones)) return -1;
  return (tens - 0x30) * 10 + ones - 0x30;
}
