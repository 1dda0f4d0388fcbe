// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of murmur128 in engine/base/murmur.ts: MurmurHash3_x86_128. The digest is left in four
// globals. It may read up to 16 bytes beyond `end`: the memory is padded.

const C1: u32 = 0x239b961b;
const C2: u32 = 0xab0e9789;
const C3: u32 = 0x38b34ae5;
const C4: u32 = 0xa1e38b93;

export let murmur1: u32 = 0;
export let murmur2: u32 = 0;
export let murmur3: u32 = 0;
export let murmur4: u32 = 0;

/** Digests the bytes from `start` to `end`. */
export function murmur(start: i32, end: i32, seed: u32): void {
  let h1: u32 = seed;
  let h2: u32 = seed;
  let h3: u32 = seed;
  let h4: u32 = seed;
  const length: u32 = end - start;
  let at: i32 = start;
  for (const blocksEnd: i32 = start + (length & ~15); at < blocksEnd; at += 16) {
    h1 ^= mix(load<u32>(at), C1, 15, C2);
    h1 = (rotl<u32>(h1, 19) + h2) * 5 + 0x561ccd1b;
    h2 ^= mix(load<u32>(at, 4), C2, 16, C3);
    h2 = (rotl<u32>(h2, 17) + h3) * 5 + 0x0bcaa747;
    h3 ^= mix(load<u32>(at, 8), C3, 17, C4);
    h3 = (rotl<u32>(h3, 15) + h4) * 5 + 0x96cd1c35;
    h4 ^= mix(load<u32>(at, 12), C4, 18, C1);
    h4 = (rotl<u32>(h4, 13) + h1) * 5 + 0x32ac3b17;
  }
  const left: i32 = end - at;
  if (left > 12) h4 ^= mix(tail(at + 12, left - 12), C4, 18, C1);
  if (left > 8) h3 ^= mix(tail(at + 8, left - 8), C3, 17, C4);
  if (left > 4) h2 ^= mix(tail(at + 4, left - 4), C2, 16, C3);
  if (left > 0) h1 ^= mix(tail(at, left), C1, 15, C2);
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 += h2 + h3 + h4;
  h2 += h1;
  h3 += h1;
  h4 += h1;
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h4 = finish(h4);
  h1 += h2 + h3 + h4;
  murmur1 = h1;
  murmur2 = h2 + h1;
  murmur3 = h3 + h1;
  murmur4 = h4 + h1;
}

function mix(word: u32, before: u32, turn: u32, after: u32): u32 {
  return rotl<u32>(word * before, turn) * after;
}

function finish(h: u32): u32 {
  let x = h;
  x = (x ^ (x >> 16)) * 0x85ebca6b;
  x = (x ^ (x >> 13)) * 0xc2b2ae35;
  return x ^ (x >> 16);
}

/** The first `left` bytes, at most four, little-endian. */
function tail(at: i32, left: i32): u32 {
  const word = load<u32>(at);
  return left >= 4 ? word : word & (((<u32>1) << ((<u32>left) << 3)) - 1);
}
