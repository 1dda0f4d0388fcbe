import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** Digest of a stream of bytes, however it is cut: SHA-256, which processors have instructions for. 32
 *  hexadecimal digits of it. */
export interface StreamDigest {
  add(bytes: Uint8Array): void;
  hex(): string;
}

export function newStreamDigest(): StreamDigest {
  const hash = createHash("sha256");
  return {
    add: (bytes) => void hash.update(bytes),
    hex: () => hash.copy().digest("hex").slice(0, DIGEST_DIGITS),
  };
}

const DIGEST_DIGITS = 32;

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
