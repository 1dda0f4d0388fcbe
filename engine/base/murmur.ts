/** MurmurHash3_x64_128 (Austin Appleby, public domain): the published hash behind every fingerprint.
 *  The kernel computes it on 64-bit numbers; here they are pairs of 32-bit words, which JavaScript
 *  multiplies exactly. Writes four words to `out` from `at`: both halves of the digest, low word first.
 *  Not for secrets: anybody can make two equal ones. */
export function murmur128(
  bytes: Uint8Array,
  start: number,
  end: number,
  seed: number,
  out: Uint32Array,
  at: number,
): void {
  const length = end - start;
  let low1 = seed | 0;
  let high1 = 0;
  let low2 = low1;
  let high2 = 0;
  let i = start;
  for (const blocksEnd = start + (length & ~15); i < blocksEnd; i += 16) {
    let low = word(bytes, i);
    let high = word(bytes, i + 4);
    let mixed = spread(low, high, FIRST);
    low1 ^= mixed;
    high1 ^= rest;
    mixed = turn(low1, high1, 27);
    mixed = sum(mixed, rest, low2, high2);
    low1 = timesFivePlus(mixed, rest, 0x52dce729);
    high1 = rest;
    low = word(bytes, i + 8);
    high = word(bytes, i + 12);
    mixed = spread(low, high, SECOND);
    low2 ^= mixed;
    high2 ^= rest;
    mixed = turn(low2, high2, 31);
    mixed = sum(mixed, rest, low1, high1);
    low2 = timesFivePlus(mixed, rest, 0x38495ab5);
    high2 = rest;
  }
  const left = end - i;
  if (left > 8) {
    low2 ^= spread(tail(bytes, i + 8, end), tail(bytes, i + 12, end), SECOND);
    high2 ^= rest;
  }
  if (left > 0) {
    low1 ^= spread(tail(bytes, i, end), tail(bytes, i + 4, end), FIRST);
    high1 ^= rest;
  }
  low1 = sum(low1 ^ length, high1, low2 ^ length, high2);
  high1 = rest;
  low2 = sum(low2 ^ length, high2, low1, high1);
  high2 = rest;
  low1 = finish(low1, high1);
  high1 = rest;
  low2 = finish(low2, high2);
  high2 = rest;
  low1 = sum(low1, high1, low2, high2);
  high1 = rest;
  out[at] = low1;
  out[at + 1] = high1;
  out[at + 2] = sum(low2, high2, low1, high1);
  out[at + 3] = rest;
}

/** The digest of a text's UTF-8 bytes as 32 hexadecimal digits. */
export function murmurHex(text: string, seed = 0): string {
  const bytes = new TextEncoder().encode(text);
  const words = new Uint32Array(4);
  murmur128(bytes, 0, bytes.length, seed, words, 0);
  return Array.from(words, (value) => value.toString(16).padStart(8, "0")).join("");
}

/** Upper word of the 64-bit number that a function below returned the lower word of: so that no object
 *  is made for a pair. */
let rest = 0;

/** How one half of a block is mixed: times one constant, turned, times another. */
interface Mixing {
  readonly before: readonly [low: number, high: number];
  readonly turn: number;
  readonly after: readonly [low: number, high: number];
}

const C1 = [0x114253d5, 0x87c37b91] as const;
const C2 = [0x2745937f, 0x4cf5ad43] as const;
const FIRST: Mixing = { before: C1, turn: 31, after: C2 };
const SECOND: Mixing = { before: C2, turn: 33, after: C1 };

function spread(low: number, high: number, mixing: Mixing): number {
  const product = times(low, high, mixing.before[0], mixing.before[1]);
  const turned = turn(product, rest, mixing.turn);
  return times(turned, rest, mixing.after[0], mixing.after[1]);
}

function finish(low: number, high: number): number {
  let x = times(low ^ (high >>> 1), high, 0xed558ccd, 0xff51afd7);
  x = times(x ^ (rest >>> 1), rest, 0x1a85ec53, 0xc4ceb9fe);
  return x ^ (rest >>> 1);
}

function times(low: number, high: number, byLow: number, byHigh: number): number {
  rest = (upperProduct(low, byLow) + Math.imul(high, byLow) + Math.imul(low, byHigh)) | 0;
  return Math.imul(low, byLow);
}

/** The upper word of a product of two words, by halves of words. */
function upperProduct(a: number, b: number): number {
  const [a0, a1] = [a & 0xffff, a >>> 16];
  const [b0, b1] = [b & 0xffff, b >>> 16];
  const across = a1 * b0 + ((a0 * b0) >>> 16);
  const other = a0 * b1 + (across & 0xffff);
  return (a1 * b1 + (across >>> 16) + (other >>> 16)) | 0;
}

function turn(low: number, high: number, by: number): number {
  const [one, two] = by < 32 ? [low, high] : [high, low];
  const bits = by & 31;
  rest = (two << bits) | (one >>> (32 - bits));
  return (one << bits) | (two >>> (32 - bits));
}

function sum(low: number, high: number, plusLow: number, plusHigh: number): number {
  const exact = (low >>> 0) + (plusLow >>> 0);
  rest = (high + plusHigh + (exact > 0xffffffff ? 1 : 0)) | 0;
  return exact | 0;
}

function timesFivePlus(low: number, high: number, plus: number): number {
  const exact = (low >>> 0) * 5 + plus;
  rest = (Math.imul(high, 5) + Math.floor(exact / 0x1_0000_0000)) | 0;
  return exact | 0;
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
