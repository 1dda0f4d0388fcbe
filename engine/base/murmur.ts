/** MurmurHash3_x86_128 (Austin Appleby, public domain): the published hash behind every fingerprint.
 *  The 32-bit variant, because JavaScript multiplies 32 bits exactly and a kernel can do the same.
 *  Writes four 32-bit words to `out` from `at`. Not for secrets: anybody can make two equal ones. */
export function murmur128(
  bytes: Uint8Array,
  start: number,
  end: number,
  seed: number,
  out: Uint32Array,
  at: number,
): void {
  let h1 = seed | 0;
  let h2 = h1;
  let h3 = h1;
  let h4 = h1;
  const length = end - start;
  let i = start;
  for (const blocksEnd = start + (length & ~15); i < blocksEnd; i += 16) {
    h1 ^= mix(word(bytes, i), C1, 15, C2);
    h1 = (Math.imul(((h1 << 19) | (h1 >>> 13)) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= mix(word(bytes, i + 4), C2, 16, C3);
    h2 = (Math.imul(((h2 << 17) | (h2 >>> 15)) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= mix(word(bytes, i + 8), C3, 17, C4);
    h3 = (Math.imul(((h3 << 15) | (h3 >>> 17)) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= mix(word(bytes, i + 12), C4, 18, C1);
    h4 = (Math.imul(((h4 << 13) | (h4 >>> 19)) + h1, 5) + 0x32ac3b17) | 0;
  }
  const left = end - i;
  if (left > 12) h4 ^= mix(tail(bytes, i + 12, end), C4, 18, C1);
  if (left > 8) h3 ^= mix(tail(bytes, i + 8, end), C3, 17, C4);
  if (left > 4) h2 ^= mix(tail(bytes, i + 4, end), C2, 16, C3);
  if (left > 0) h1 ^= mix(tail(bytes, i, end), C1, 15, C2);
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h4 = finish(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  out[at] = h1;
  out[at + 1] = h2 + h1;
  out[at + 2] = h3 + h1;
  out[at + 3] = h4 + h1;
}

/** The digest of a text's UTF-8 bytes as 32 hexadecimal digits. */
export function murmurHex(text: string, seed = 0): string {
  const bytes = new TextEncoder().encode(text);
  const words = new Uint32Array(4);
  murmur128(bytes, 0, bytes.length, seed, words, 0);
  return Array.from(words, (value) => value.toString(16).padStart(8, "0")).join("");
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function mix(k: number, before: number, turn: number, after: number): number {
  const spread = Math.imul(k, before);
  return Math.imul((spread << turn) | (spread >>> (32 - turn)), after);
}

function finish(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function word(bytes: Uint8Array, i: number): number {
  return (
    (bytes[i] ?? 0) |
    ((bytes[i + 1] ?? 0) << 8) |
    ((bytes[i + 2] ?? 0) << 16) |
    ((bytes[i + 3] ?? 0) << 24)
  );
}

/** Up to four bytes from `i`, little-endian, nothing from `end` on. */
function tail(bytes: Uint8Array, i: number, end: number): number {
  let value = 0;
  for (let j = Math.min(i + 4, end) - 1; j >= i; j--) value = (value << 8) | (bytes[j] ?? 0);
  return value;
}
