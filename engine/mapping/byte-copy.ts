import { type CellSink, COMMA, CR, LF, QUOTE } from "./cell-sink.ts";
import type { PlainChange } from "./plain-column.ts";

/** Copies bytes to the sink and says what it saw, as bits; at DECLINED what it wrote means nothing. */
export type ByteCopy = (
  source: Uint8Array,
  from: number,
  to: number,
  doubled: number,
  sink: CellSink,
) => number;

export const DECLINED = 1;
/** The value needs quotes. */
export const QUOTED = 2;
/** The value holds bytes beyond ASCII. */
export const WIDE = 4;
/** The count of quotes in the value stands above the bits. */
export const QUOTES_SHIFT = 3;
const ONE_QUOTE = 1 << QUOTES_SHIFT;
/** No byte: the field has no doubled quotes. */
export const NOT_DOUBLED = -1;

/** Copies a text as it is. */
export function copyBytes(
  source: Uint8Array,
  from: number,
  to: number,
  doubled: number,
  sink: CellSink,
): number {
  const { bytes } = sink;
  let { at } = sink;
  let marks = 0;
  let seen = 0;
  for (let i = from; i < to; i++) {
    const byte = source[i] ?? 0;
    if (byte <= COMMA) {
      if (byte === QUOTE) marks = (marks + ONE_QUOTE) | QUOTED;
      else if (byte === COMMA || byte === LF) marks |= QUOTED;
      // Rewriting line ends is rare enough for a string.
      else if (byte === CR) return DECLINED;
    }
    if (byte === doubled) i++;
    seen |= byte;
    bytes[at++] = byte;
  }
  sink.at = at;
  return seen >= 0x80 ? marks | WIDE : marks;
}

/** A copy that changes ASCII on its way and declines everything else. */
export function changingCopy({
  letters,
  collapse,
  digits,
}: PlainChange & { readonly kind: "letters" }): ByteCopy {
  const [low, high] =
    letters === "lower" ? [0x41, 0x5a] : letters === "upper" ? [0x61, 0x7a] : [1, 0];
  return (source, from, to, doubled, sink) => {
    const { bytes } = sink;
    let { at } = sink;
    let marks = 0;
    let inSpaces = false;
    for (let i = from; i < to; i++) {
      let byte = source[i] ?? 0;
      if (byte >= 0x80) return DECLINED;
      if (byte === doubled) i++;
      if (digits && (byte < 0x30 || byte > 0x39)) continue;
      const space = byte <= SPACE && (byte === SPACE || (byte >= 0x09 && byte <= 0x0d));
      if (collapse && space) {
        if (inSpaces) continue;
        byte = SPACE;
      }
      inSpaces = space;
      if (byte === QUOTE) marks = (marks + ONE_QUOTE) | QUOTED;
      else if (byte === COMMA || byte === LF) marks |= QUOTED;
      else if (byte === CR) return DECLINED;
      else if (byte >= low && byte <= high) byte ^= LETTER_CASE;
      bytes[at++] = byte;
    }
    sink.at = at;
    return marks;
  };
}

const SPACE = 0x20;
const LETTER_CASE = 0x20;
