// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/mapping/key-digest.ts.

import { AFTER_Z, BEFORE_A } from "./lanes.as";
import { finish, firstBytes, joinFirst, joinSecond, murmurFirst, murmurSecond } from "./murmur.as";

export const KEY_NONE: i32 = 0;
const KEY_TEXT: i32 = 1;
const KEY_NUMBER: i32 = 3;
const KEY_ID: i32 = 4;

const SPACE: i32 = 32;
const ID_LENGTH: i32 = 15;
const DIGITS_MAX: i32 = 20;

/** Folds a key of ASCII and stores its digest; false where only JavaScript knows how. */
// @inline
export function digestKey(kind: i32, start: i32, to: i32, out: i32): bool {
  let end: i32 = to;
  if (<i32>load<u8>(start) <= SPACE) return false;
  while (end > start && <i32>load<u8>(end - 1) <= SPACE) end--;
  if (kind === KEY_ID && end > start + ID_LENGTH) end = start + ID_LENGTH;
  const length: i32 = end - start;
  // A whole number without a leading zero folds to itself.
  if (kind === KEY_NUMBER && !isWhole(start, length)) return false;
  const change = i8x16.splat(kind === KEY_TEXT ? 0x20 : 0);
  let first: u64 = 0;
  let second: u64 = 0;
  let wide: i32 = 0;
  let at: i32 = start;
  for (; end - at >= 16; at += 16) {
    const bytes = folded(v128.load(at), change);
    wide |= i8x16.bitmask(bytes);
    first = joinFirst(first, second, i64x2.extract_lane(bytes, 0));
    second = joinSecond(first, second, i64x2.extract_lane(bytes, 1));
  }
  const tail = folded(firstBytes(v128.load(at), end - at), change);
  if ((wide | i8x16.bitmask(tail)) !== 0) return false;
  finish(first, second, tail, length);
  store<u64>(out, murmurFirst);
  store<u64>(out, murmurSecond, 8);
  return true;
}

/** Capitals of ASCII with a bit changed. */
// @inline
function folded(bytes: v128, change: v128): v128 {
  const above = i8x16.gt_s(bytes, v128.load(BEFORE_A));
  const below = i8x16.lt_s(bytes, v128.load(AFTER_Z));
  return v128.or(bytes, v128.and(v128.and(above, below), change));
}

function isWhole(start: i32, length: i32): bool {
  if (length > DIGITS_MAX || (length > 1 && load<u8>(start) === 0x30)) return false;
  for (let i: i32 = start; i < start + length; i++) {
    if (<u32>load<u8>(i) - 0x30 > 9) return false;
  }
  return true;
}
