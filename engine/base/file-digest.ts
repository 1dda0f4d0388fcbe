import { closeSync, openSync, readSync } from "node:fs";
import { murmur128 } from "./murmur.ts";

/** Digest of a stream of bytes that does not depend on how the stream was cut: blocks of 1 MiB, each
 *  block's digest seeding the next, the length last. 32 hexadecimal digits. */
export interface StreamDigest {
  add(bytes: Uint8Array): void;
  hex(): string;
}

export function newStreamDigest(): StreamDigest {
  const block = new Uint8Array(BLOCK_BYTES);
  const words = new Uint32Array(4);
  let filled = 0;
  let length = 0;
  const fold = (bytes: Uint8Array, start: number, end: number) => {
    murmur128(bytes, start, end, ((words[0] ?? 0) ^ (words[3] ?? 0)) >>> 0, words, 0);
  };
  return {
    add(bytes) {
      length += bytes.length;
      let at = 0;
      while (at < bytes.length) {
        if (filled === 0 && bytes.length - at >= BLOCK_BYTES) {
          fold(bytes, at, at + BLOCK_BYTES);
          at += BLOCK_BYTES;
          continue;
        }
        const take = Math.min(BLOCK_BYTES - filled, bytes.length - at);
        block.set(bytes.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled === BLOCK_BYTES) {
          fold(block, 0, filled);
          filled = 0;
        }
      }
    },
    hex() {
      const tail = new Uint8Array(filled + 8);
      tail.set(block.subarray(0, filled));
      new DataView(tail.buffer).setFloat64(filled, length, true);
      const last = new Uint32Array(4);
      murmur128(tail, 0, tail.length, ((words[0] ?? 0) ^ (words[3] ?? 0)) >>> 0, last, 0);
      return Array.from(last, (word) => word.toString(16).padStart(8, "0")).join("");
    },
  };
}

/** The digest of a file's bytes; null when it can't be read. */
export function fileDigest(file: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return null;
  }
  try {
    const digest = newStreamDigest();
    const buffer = new Uint8Array(BLOCK_BYTES);
    for (let n = readSync(descriptor, buffer); n > 0; n = readSync(descriptor, buffer)) {
      digest.add(buffer.subarray(0, n));
    }
    return digest.hex();
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

const BLOCK_BYTES = 1 << 20;
