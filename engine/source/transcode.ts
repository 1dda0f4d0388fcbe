import type { ByteStream } from "./byte-stream.ts";
import type { Encoding } from "./opened-file.ts";

/** Turns text in one encoding into UTF-8. What is no text in that encoding (half a surrogate pair,
 *  a byte that Windows-1252 leaves undefined) becomes the byte INVALID, which no UTF-8 holds: so
 *  the one check for UTF-8 that every row passes reports it with the right line. */
export interface Transcoder {
  /** At most this many bytes come out per byte that goes in. */
  readonly growth: number;
  /** Writes to `out` from 0 and gives the count. `last`: no more bytes follow. */
  write(bytes: Uint8Array, last: boolean, out: Uint8Array): number;
}

const INVALID = 0xff;
const CHUNK_BYTES = 256 * 1024;

/** The transcoder of an encoding; null for UTF-8, which needs none. */
export function transcoderOf(encoding: Encoding): Transcoder | null {
  switch (encoding) {
    case "utf-8":
      return null;
    case "utf-16le":
      return utf16(true);
    case "utf-16be":
      return utf16(false);
    case "latin1":
      return singleByte(latin1Table());
    case "windows-1252":
      return singleByte(windows1252Table());
  }
}

/** A stream of UTF-8 over a stream in another encoding. */
export function transcodedStream(stored: ByteStream, transcoder: Transcoder): ByteStream {
  const raw = new Uint8Array(CHUNK_BYTES);
  // Room for what the transcoder held back from the chunk before.
  const out = new Uint8Array((CHUNK_BYTES + 4) * transcoder.growth);
  let from = 0;
  let until = 0;
  let ended = false;
  return {
    async fill(into) {
      let filled = 0;
      while (filled < into.length) {
        if (from === until) {
          if (ended) break;
          const length = await stored.fill(raw);
          ended = length < raw.length;
          from = 0;
          until = transcoder.write(raw.subarray(0, length), ended, out);
        }
        const count = Math.min(until - from, into.length - filled);
        into.set(out.subarray(from, from + count), filled);
        filled += count;
        from += count;
      }
      return filled;
    },
    close: () => stored.close(),
  };
}

/** `table`: the UTF-8 of the bytes from 0x80, at most three bytes each. */
function singleByte(table: readonly Uint8Array[]): Transcoder {
  const lengths = Uint8Array.from(table, (text) => text.length);
  const texts = new Uint8Array(3 * table.length);
  for (const [i, text] of table.entries()) texts.set(text, 3 * i);
  return {
    growth: 3,
    write(bytes, _last, out) {
      let at = 0;
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i] as number;
        if (byte < 0x80) {
          out[at++] = byte;
          continue;
        }
        // Always three bytes: what is too much is overwritten by the next character.
        const from = 3 * (byte - 0x80);
        out[at] = texts[from] as number;
        out[at + 1] = texts[from + 1] as number;
        out[at + 2] = texts[from + 2] as number;
        at += lengths[byte - 0x80] as number;
      }
      return at;
    },
  };
}

/** ISO 8859-1 as it was meant: the bytes from 0x80 are the code points of the same number. */
function latin1Table(): Uint8Array[] {
  const encoder = new TextEncoder();
  return Array.from({ length: 128 }, (_, i) => encoder.encode(String.fromCharCode(0x80 + i)));
}

function windows1252Table(): Uint8Array[] {
  const encoder = new TextEncoder();
  return latin1Table().map((plain, i) => {
    if (i >= WINDOWS_1252_FROM_80.length) return plain;
    const character = WINDOWS_1252_FROM_80[i] ?? UNDEFINED;
    return character === UNDEFINED ? Uint8Array.of(INVALID) : encoder.encode(character);
  });
}

const UNDEFINED = "\u0000";
/** The bytes 0x80 to 0x9F, five of which Windows-1252 does not define. */
const WINDOWS_1252_FROM_80 = "€\u0000‚ƒ„…†‡ˆ‰Š‹Œ\u0000Ž\u0000\u0000‘’“”•–—˜™š›œ\u0000žŸ";

function utf16(littleEndian: boolean): Transcoder {
  // An odd byte or the first half of a surrogate pair waits for the next chunk.
  let held = Buffer.alloc(0);
  return {
    growth: 2,
    write(bytes, last, out) {
      const all = Buffer.concat([held, bytes]);
      let usable = all.length & ~1;
      if (usable > 0 && isHighSurrogate(all, usable - 2, littleEndian)) usable -= 2;
      held = Buffer.from(all.subarray(usable));
      const units = all.subarray(0, usable);
      if (!littleEndian) units.swap16();
      const text = units.toString("utf16le");
      const target = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
      let at = LONE_SURROGATE.test(text)
        ? writeIllFormed(text, target)
        : target.write(text, "utf8");
      // A file that ends in half a unit or half a pair was cut off.
      if (last && held.length > 0) target[at++] = INVALID;
      return at;
    },
  };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function isHighSurrogate(bytes: Buffer, at: number, littleEndian: boolean): boolean {
  const unit = littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Text with lone surrogates: each becomes one INVALID byte. Rare, so simple. */
function writeIllFormed(text: string, target: Buffer): number {
  let at = 0;
  for (const character of text) {
    if (LONE_SURROGATE.test(character)) target[at++] = INVALID;
    else at += target.write(character, at, "utf8");
  }
  return at;
}
