import { type ByteCopy, DECLINED } from "./byte-copy.ts";
import type { CellSink } from "./cell-sink.ts";
import { numberMarks } from "./number-locale.ts";

/** Reads numbers of a locale byte by byte, as `compileNumber` reads them from a string. Marks beyond
 *  ASCII, and what is not plainly a number, are declined. For locales that `hasThreesInAscii`. */
export function numberCopy(locale: string): ByteCopy {
  const kinds = numberKinds(locale);
  return (source, from, to, _doubled, sink) => {
    let start = from;
    let end = to;
    while (start < end && source[start] === SPACE) start++;
    while (end > start && source[end - 1] === SPACE) end--;
    const sign = source[start];
    if (sign === MINUS) sink.bytes[sink.at++] = MINUS;
    if (sign === MINUS || sign === PLUS) start++;
    return copyDigits(source, start, end, kinds, sink);
  };
}

/** What each byte is in a number of the locale: nothing, a digit, a group mark, the decimal mark. */
export function numberKinds(locale: string): Uint8Array {
  const marks = numberMarks(locale);
  const kinds = new Uint8Array(256);
  for (let digit = 0x30; digit <= 0x39; digit++) kinds[digit] = DIGIT;
  markAscii(kinds, marks.group, GROUP);
  markAscii(kinds, marks.decimal, DECIMAL);
  return kinds;
}

function copyDigits(
  source: Uint8Array,
  start: number,
  end: number,
  kinds: Uint8Array,
  sink: CellSink,
): number {
  const { bytes } = sink;
  let { at } = sink;
  const first = at;
  let digits = 0;
  let inGroup = 0;
  let grouped = false;
  let i = start;
  for (; i < end; i++) {
    const byte = source[i] ?? 0;
    const kind = kinds[byte];
    if (kind === DIGIT) {
      // Zeros that lead say nothing; the last one before the mark stays.
      if (at - first === 1 && bytes[first] === ZERO) at = first;
      bytes[at++] = byte;
      digits++;
      inGroup++;
    } else if (kind === GROUP) {
      if (inGroup === 0 || inGroup > 3 || (grouped && inGroup !== 3)) return DECLINED;
      grouped = true;
      inGroup = 0;
    } else break;
  }
  if (grouped && inGroup !== 3) return DECLINED;
  if (i < end) {
    if (kinds[source[i] ?? 0] !== DECIMAL) return DECLINED;
    if (digits === 0) bytes[at++] = ZERO;
    if (i + 1 < end) bytes[at++] = POINT;
    for (i++; i < end; i++) {
      const byte = source[i] ?? 0;
      if (kinds[byte] !== DIGIT) return DECLINED;
      bytes[at++] = byte;
      digits++;
    }
  }
  sink.at = at;
  return digits === 0 ? DECLINED : 0;
}

function markAscii(kinds: Uint8Array, marks: string, kind: number): void {
  for (const mark of marks) {
    const code = mark.charCodeAt(0);
    if (code < 0x80) kinds[code] = kind;
  }
}

const DIGIT = 1;
const GROUP = 2;
const DECIMAL = 3;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
