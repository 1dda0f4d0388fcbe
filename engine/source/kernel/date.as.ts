// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/date-copy.ts for formats of a fixed width, such as dd.MM.yyyy: one bound
// below and one above for each byte, and where each byte of yyyy-MM-dd comes from.

import { isDayOfMonth, two } from "./byte-rules.as";
import { DECLINED } from "./copy.as";

/** Places in a pattern: see engine/mapping/kernel-date.ts. */
const LOW: usize = 0;
const HIGH: usize = 16;
const ORDER: usize = 32;
const HYPHENS: usize = 48;
const WIDTH: usize = 64;

const SPACE: i32 = 32;
const DAY_BYTES: i32 = 10;

export function copyDate(pattern: i32, from: i32, to: i32, out: i32): i32 {
  let start: i32 = from;
  let end: i32 = to;
  while (start < end && load<u8>(start) === SPACE) start++;
  while (end > start && load<u8>(end - 1) === SPACE) end--;
  if (end - start !== load<i32>(pattern, WIDTH)) return DECLINED;
  const bytes = v128.load(start);
  const below = i8x16.sub_sat_u(v128.load(pattern, LOW), bytes);
  const above = i8x16.sub_sat_u(bytes, v128.load(pattern, HIGH));
  if (v128.any_true(v128.or(below, above))) return DECLINED;
  const ordered = i8x16.swizzle(bytes, v128.load(pattern, ORDER));
  v128.store(out, v128.or(ordered, v128.load(pattern, HYPHENS)));
  return isDayOfMonth(two(out + 5), two(out + 8)) ? out + DAY_BYTES : DECLINED;
}
