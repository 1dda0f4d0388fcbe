import { Buffer } from "node:buffer";
import { FIELD_ESCAPED, type RowBlock } from "../source/row-block.ts";

/** A field of the block as a string, by its place in the block. Short ASCII, which is nearly all of a
 *  source, is read without a decoder, whose start costs more than such a text. */
export function fieldString(block: RowBlock, field: number): string {
  const start = block.fieldStart[field] ?? 0;
  const end = block.fieldEnd[field] ?? 0;
  if (start === end) return "";
  const text = textAt(block.bytes, start, end);
  if (((block.fieldFlags[field] ?? 0) & FIELD_ESCAPED) === 0) return text;
  const quote = String.fromCharCode(block.file.quote);
  return text.replaceAll(quote + quote, quote);
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  if (viewed !== bytes) {
    view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    viewed = bytes;
  }
  let seen = 0;
  for (let i = start; i < end; i++) seen |= bytes[i] ?? 0;
  return view.toString(seen < 0x80 ? "latin1" : "utf8", start, end);
}

/** Readers use the same few buffers again and again; the view of the last one is kept. */
let viewed: Uint8Array | null = null;
let view: Buffer = Buffer.alloc(0);
