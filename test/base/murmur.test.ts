import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { murmur128 } from "../../engine/base/murmur.ts";

/** The digest as it is published: both halves as numbers. */
function published(bytes: Uint8Array, seed = 0): string {
  const words = new Uint32Array(4);
  murmur128(bytes, 0, bytes.length, seed, words, 0);
  return [1, 0, 3, 2].map((at) => (words[at] ?? 0).toString(16).padStart(8, "0")).join("");
}

describe("MurmurHash3_x64_128", () => {
  for (const [text, seed, digest] of [
    ["", 0, "00000000000000000000000000000000"],
    ["hello", 0, "cbd8a7b341bd9b025b1e906a48ae1d19"],
    ["hello, world", 0, "342fac623a5ebc8e4cdcbc079642414d"],
    ["19 Jan 2038 at 3:14:07 AM", 0, "b89e5988b737affc664fc2950231b2cb"],
    ["The quick brown fox jumps over the lazy dog.", 0, "cd99481f9ee902c9695da1a38987b6e7"],
  ] as const) {
    test(`of ${JSON.stringify(text)}, seed ${seed}`, () =>
      expect(published(Buffer.from(text), seed)).toBe(digest));
  }

  // SMHasher's own check of an implementation: keys of every length below 256, each with a seed of its
  // own, and the digest of all their digests.
  test("passes the published verification", () => {
    const all = new Uint32Array(256 * 4);
    const key = Uint8Array.from({ length: 256 }, (_, i) => i);
    for (let i = 0; i < 256; i++) murmur128(key, 0, i, 256 - i, all, i * 4);
    const bytes = new Uint8Array(all.buffer);
    const words = new Uint32Array(4);
    murmur128(bytes, 0, bytes.length, 0, words, 0);
    expect(words[0]).toBe(0x6384ba69);
  });

  test("is that of 64-bit numbers", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(0xffffffff), (bytes, seed) => {
        expect(published(bytes, seed)).toBe(withBigInts(bytes, seed));
      }),
    );
  });
});

/** The same by the book, on numbers of any size. */
function withBigInts(bytes: Uint8Array, seed: number): string {
  const [c1, c2] = [0x87c37b91114253d5n, 0x4cf5ad432745937fn];
  const cut = (x: bigint) => BigInt.asUintN(64, x);
  const turn = (x: bigint, by: bigint) => cut((x << by) | (x >> (64n - by)));
  const finish = (x: bigint) => {
    let h = cut((x ^ (x >> 33n)) * 0xff51afd7ed558ccdn);
    h = cut((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n);
    return h ^ (h >> 33n);
  };
  const half = (at: number, end: number) => {
    let value = 0n;
    for (let i = Math.min(at + 8, end) - 1; i >= at; i--)
      value = (value << 8n) | BigInt(bytes[i] ?? 0);
    return value;
  };
  const first = (k: bigint) => cut(turn(cut(k * c1), 31n) * c2);
  const second = (k: bigint) => cut(turn(cut(k * c2), 33n) * c1);
  let [h1, h2] = [BigInt(seed), BigInt(seed)];
  const length = bytes.length;
  let at = 0;
  for (; at + 16 <= length; at += 16) {
    h1 = cut((turn(h1 ^ first(half(at, length)), 27n) + h2) * 5n + 0x52dce729n);
    h2 = cut((turn(h2 ^ second(half(at + 8, length)), 31n) + h1) * 5n + 0x38495ab5n);
  }
  h2 ^= second(half(at + 8, length)) ^ BigInt(length);
  h1 ^= first(half(at, length)) ^ BigInt(length);
  h1 = cut(h1 + h2);
  h2 = cut(h2 + h1);
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = cut(h1 + h2);
  h2 = cut(h2 + h1);
  return h1.toString(16).padStart(16, "0") + h2.toString(16).padStart(16, "0");
}
