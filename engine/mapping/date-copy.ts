import assert from "node:assert/strict";
import { IANAZone } from "luxon";
import { type ByteCopy, DECLINED } from "./byte-copy.ts";
import type { CellSink } from "./cell-sink.ts";
import { type DateParts, type DateReader, datePattern } from "./date-pattern.ts";
import { earliestMoment } from "./date-time-value.ts";

/** Reads calendar days byte by byte, as `compileDate` reads them from a string. */
export function dateCopy(format: string): ByteCopy {
  const read = readerOf(format);
  const parts = newParts();
  return (source, from, to, _doubled, sink) => {
    if (!readTrimmed(read, source, from, to, parts)) return DECLINED;
    writeDay(sink, parts.year, parts.month, parts.day);
    return 0;
  };
}

/** Reads wall-clock times of a zone byte by byte, as `compileDateTime` reads them from a string. Days
 *  on which the zone's clocks are changed are declined. */
export function dateTimeCopy(format: string, zone: string): ByteCopy {
  const read = readerOf(format);
  const parts = newParts();
  const offsetOf = dayOffsets(IANAZone.create(zone));
  return (source, from, to, _doubled, sink) => {
    if (!readTrimmed(read, source, from, to, parts)) return DECLINED;
    const { year, month, day, hour, minute, second, millisecond } = parts;
    const wallMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
    const offsetMs = offsetOf(Math.floor(wallMs / DAY_MS));
    if (Number.isNaN(offsetMs)) return DECLINED;
    writeMoment(sink, wallMs - offsetMs);
    return 0;
  };
}

function readerOf(format: string): DateReader {
  const read = datePattern(format);
  assert(read, `The date format ${format} can't be read from bytes. This is a bug.`);
  return read;
}

/** The offset that a zone has all through a local day, NaN for a day with a change. Telling it takes
 *  far longer than reading a date, and sources hold the same days again and again. */
function dayOffsets(zone: IANAZone): (day: number) => number {
  const known = new Map<number, number>();
  return (day) => {
    const before = known.get(day);
    if (before !== undefined) return before;
    const start = earliestMoment(day * DAY_MS, zone);
    const end = earliestMoment((day + 1) * DAY_MS - 1, zone);
    const offset = start === null ? Number.NaN : day * DAY_MS - start;
    const same = end !== null && (day + 1) * DAY_MS - 1 - end === offset;
    if (known.size >= DAYS_KEPT_MAX) known.clear();
    known.set(day, same ? offset : Number.NaN);
    return same ? offset : Number.NaN;
  };
}

const DAY_MS = 86_400_000;
const DAYS_KEPT_MAX = 4096;

function newParts(): DateParts {
  return { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, millisecond: 0 };
}

function readTrimmed(
  read: DateReader,
  source: Uint8Array,
  from: number,
  to: number,
  parts: DateParts,
): boolean {
  let start = from;
  let end = to;
  while (start < end && source[start] === SPACE) start++;
  while (end > start && source[end - 1] === SPACE) end--;
  return read(source, start, end, parts);
}

/** 2024-02-29T12:30:00.000Z. */
function writeMoment(sink: CellSink, ms: number): void {
  const date = new Date(ms);
  writeDay(sink, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  sink.bytes[sink.at++] = LETTER_T;
  writeDigits(sink, date.getUTCHours(), 2);
  sink.bytes[sink.at++] = COLON;
  writeDigits(sink, date.getUTCMinutes(), 2);
  sink.bytes[sink.at++] = COLON;
  writeDigits(sink, date.getUTCSeconds(), 2);
  sink.bytes[sink.at++] = POINT;
  writeDigits(sink, date.getUTCMilliseconds(), 3);
  sink.bytes[sink.at++] = LETTER_Z;
}

function writeDay(sink: CellSink, year: number, month: number, day: number): void {
  writeDigits(sink, year, 4);
  sink.bytes[sink.at++] = MINUS;
  writeDigits(sink, month, 2);
  sink.bytes[sink.at++] = MINUS;
  writeDigits(sink, day, 2);
}

function writeDigits(sink: CellSink, value: number, count: number): void {
  let left = value;
  for (let i = count - 1; i >= 0; i--) {
    sink.bytes[sink.at + i] = ZERO + (left % 10);
    left = Math.floor(left / 10);
  }
  sink.at += count;
}

const SPACE = 0x20;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
