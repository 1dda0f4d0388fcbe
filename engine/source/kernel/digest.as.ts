// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of murmur128 in engine/base/murmur.ts: MurmurHash3_x86_128, seed 0.

const C1: u32 = 0x239b961b;
const C2: u32 = 0xab0e9789;
const C3: u32 = 0x38b34ae5;
const C4: u32 = 0xa1e38b93;

/** Digests the bytes from `start` to `end` and stores four words at `out`. */
export function digest(start: i32, end: i32, out: i32): void {
  let h1: u32 = 0;
  let h2: u32 = 0;
  let h3: u32 = 0;
  let h4: u32 = 0;
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
  if (left > 12) h4 ^= mix(tail(at + 12, end), C4, 18, C1);
  if (left > 8) h3 ^= mix(tail(at + 8, end), C3, 17, C4);
  if (left > 4) h2 ^= mix(tail(at + 4, end), C2, 16, C3);
  if (left > 0) h1 ^= mix(tail(at, end), C1, 15, C2);
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
  store<u32>(out, h1);
  store<u32>(out, h2 + h1, 4);
  store<u32>(out, h3 + h1, 8);
  store<u32>(out, h4 + h1, 12);
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

/** Up to four bytes, little-endian, nothing from `end` on. */
function tail(at: i32, end: i32): u32 {
  let value: u32 = 0;
  const last: i32 = end < at + 4 ? end : at + 4;
  for (let i: i32 = last - 1; i >= at; i--) value = (value << 8) | load<u8>(i);
  return value;
}
