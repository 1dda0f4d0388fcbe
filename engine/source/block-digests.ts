import { murmur128 } from "../base/murmur.ts";

/** Bytes of decoded source that one digest covers: SEMANTICS section 4. */
export const DIGEST_BLOCK_BYTES = 4 * 1024 * 1024;

/** What one pass over a file read: plain data, to be kept with the plan and compared by the next
 *  pass, block by block, before it uses a row. */
export interface FileDigests {
  /** Bytes each digest covers; the last one covers what is left. */
  readonly blockBytes: number;
  readonly decodedBytes: number;
  readonly rowCount: number;
  /** Digest of the whole file: over the digests of its blocks, in order. */
  readonly file: string;
  /** 32 hexadecimal digits per block. */
  readonly blocks: readonly string[];
}

/** Collects the digests of one pass; `readRows` fills it. Complete when the last row was given. */
export class DigestRecorder {
  readonly #blocks: string[] = [];
  #decodedBytes = 0;
  #rowCount = 0;
  #blockBytes = DIGEST_BLOCK_BYTES;

  startPass(blockBytes: number): void {
    this.#blocks.length = 0;
    this.#decodedBytes = 0;
    this.#rowCount = 0;
    this.#blockBytes = blockBytes;
  }

  addBlock(digest: string, length: number): void {
    this.#blocks.push(digest);
    this.#decodedBytes += length;
  }

  addRows(count: number): void {
    this.#rowCount += count;
  }

  /** What was recorded so far. */
  digests(): FileDigests {
    return {
      blockBytes: this.#blockBytes,
      decodedBytes: this.#decodedBytes,
      rowCount: this.#rowCount,
      file: digestOf(new TextEncoder().encode(this.#blocks.join(""))),
      blocks: [...this.#blocks],
    };
  }
}

/** The digest of some bytes as 32 hexadecimal digits. */
export function digestOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  murmur128(bytes, start, end, 0, words, 0);
  return hexOf(words);
}

const words = new Uint32Array(4);

/** Four words as 32 hexadecimal digits. */
export function hexOf(digest: Uint32Array): string {
  let text = "";
  for (const word of digest) text += word.toString(16).padStart(8, "0");
  return text;
}
