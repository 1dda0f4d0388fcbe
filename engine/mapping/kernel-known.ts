import { createSink } from "./cell-sink.ts";
import type { CellValue } from "./cell-value.ts";
import type { KnownTexts } from "./known-texts.ts";
import { writeCell } from "./text-cell.ts";
import type { ValueProblem } from "./value-problem.ts";

/** Puts bytes into the kernel's memory; gives their address, or 0 when they do not fit. */
export type Put = (data: Uint8Array) => number;

/** A cell that is known beforehand, as cell.as.ts copies it; 0 for one that JavaScript must make: problems,
 *  and what is counted. */
export function putKnownCell(cell: CellValue | ValueProblem, seed: number, put: Put): number {
  if ("code" in cell || cell.cleared || cell.literalNull) return 0;
  const sink = createSink(new Uint8Array(CELL_BYTES_MAX * 2));
  writeCell(cell, { seed, keyFolder: null, alone: false }, sink);
  if (sink.at > CELL_BYTES_MAX) return 0;
  const [first = 0, second = 0, third = 0] = sink.digest;
  const head = Uint32Array.of(sink.at, third, first, second);
  const bytes = new Uint8Array(HEAD_BYTES + sink.at);
  bytes.set(new Uint8Array(head.buffer));
  bytes.set(sink.bytes.subarray(0, sink.at), HEAD_BYTES);
  return put(bytes);
}

const HEAD_BYTES = 16;
/** The kernel keeps so much room for every cell. */
const CELL_BYTES_MAX = 96;

/** A table of known texts, as table.as.ts reads it; 0 when it does not fit. */
export function putKnownTexts({ cells, others }: KnownTexts, seed: number, put: Put): number {
  let size = 4;
  while (size < cells.length * 2) size *= 2;
  const words = new Int32Array(HEAD_WORDS + size * SLOT_WORDS);
  const bytes = new Uint8Array(words.buffer);
  const other = others === null ? 0 : putKnownCell(others, seed, put);
  const encoded = cells.map(([text]) => new TextEncoder().encode(text));
  // A longer text is another one only where the table has no long ones.
  const long = encoded.some((text) => text.length > TEXT_BYTES_MAX);
  words.set([size - 1, other, long ? 0 : other]);
  cells.forEach(([, cell], i) => {
    const text = encoded[i];
    if (text === undefined || text.length > TEXT_BYTES_MAX) return;
    let at = slotOf(text, size - 1);
    while (words[HEAD_WORDS + at * SLOT_WORDS + LENGTH] !== 0) at = (at + 1) & (size - 1);
    const slot = HEAD_WORDS + at * SLOT_WORDS;
    bytes.set(text, slot * 4);
    words[slot + LENGTH] = text.length;
    words[slot + CELL] = putKnownCell(cell, seed, put);
  });
  return put(bytes);
}

const HEAD_WORDS = 4;
const SLOT_WORDS = 8;
/** Words of a slot behind its text. */
const LENGTH = 4;
const CELL = 5;
const TEXT_BYTES_MAX = 16;

function slotOf(text: Uint8Array, mask: number): number {
  const padded = new Uint8Array(TEXT_BYTES_MAX);
  padded.set(text);
  const words = new Int32Array(padded.buffer);
  let hash = 0;
  MIXING.forEach((factor, i) => {
    hash ^= Math.imul(words[i] ?? 0, factor);
  });
  return (hash ^ (hash >>> 15)) & mask;
}

const MIXING = [-1640531535, -2048144777, -1028477379, 668265263];
