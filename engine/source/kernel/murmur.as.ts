// biome-ignore-all lint/correctness/noPrecisionLoss: these are numbers of 64 bits.
// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of murmur128 in engine/base/murmur.ts: MurmurHash3_x64_128. The digest is left in two
// globals. It may read up to 16 bytes beyond `end`: the memory is padded.

import { PLACES } from "./lanes.as";

const C1: u64 = 0x87c37b91114253d5;
const C2: u64 = 0x4cf5ad432745937f;

/** Both halves of the digest that was finished last. */
export let murmurFirst: u64 = 0;
export let murmurSecond: u64 = 0;

/** Digests the bytes from `start` to `end`. */
export function murmur(start: i32, end: i32, seed: u32): void {
  let first: u64 = seed;
  let second: u64 = seed;
  let at: i32 = start;
  for (; end - at >= 16; at += 16) {
    first = joinFirst(first, second, load<u64>(at));
    second = joinSecond(first, second, load<u64>(at, 8));
  }
  const tail = firstBytes(v128.load(at), end - at);
  finish(first, second, tail, end - start);
}

/** Both halves of the state after another 16 bytes: the second needs the new first. */
// @inline
export function joinFirst(first: u64, second: u64, half: u64): u64 {
  const sum: u64 = rotl<u64>(first ^ mixFirst(half), 27) + second;
  return (sum << 2) + sum + 0x52dce729;
}

// @inline
export function joinSecond(first: u64, second: u64, half: u64): u64 {
  const sum: u64 = rotl<u64>(second ^ mixSecond(half), 31) + first;
  return (sum << 2) + sum + 0x38495ab5;
}

/** Ends a digest with its last bytes, fewer than 16 and zero behind them: such halves mix to zero, so
 *  that nobody needs to ask how many there are. */
// @inline
export function finish(first: u64, second: u64, tail: v128, length: i32): void {
  let h1: u64 = first ^ mixFirst(i64x2.extract_lane(tail, 0)) ^ length;
  let h2: u64 = second ^ mixSecond(i64x2.extract_lane(tail, 1)) ^ length;
  h1 += h2;
  h2 += h1;
  h1 = spread(h1);
  h2 = spread(h2);
  h1 += h2;
  murmurFirst = h1;
  murmurSecond = h2 + h1;
}

/** The first `count` of 16 bytes, zero behind them. */
// @inline
export function firstBytes(bytes: v128, count: i32): v128 {
  return v128.and(bytes, i8x16.lt_s(v128.load(PLACES), i8x16.splat(<i8>count)));
}

// @inline
export function mixFirst(half: u64): u64 {
  return rotl<u64>(half * C1, 31) * C2;
}

// @inline
export function mixSecond(half: u64): u64 {
  return rotl<u64>(half * C2, 33) * C1;
}

// @inline
export function spread(h: u64): u64 {
  let x: u64 = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >> 33);
}
