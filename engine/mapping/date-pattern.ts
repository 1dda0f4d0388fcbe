/** A date as it was read; one of these is used again for every row. */
export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

/** Reads a range of bytes into `parts`; false for what it can't read, which says nothing about the
 *  text: the reader of strings decides. */
export type DateReader = (bytes: Uint8Array, from: number, to: number, parts: DateParts) => boolean;

/** A reader for a format of digits and marks, such as dd.MM.yyyy HH:mm; null for formats that need
 *  more: names of months, offsets, numbers that run into one another. */
export function datePattern(format: string): DateReader | null {
  const steps = readSteps(format);
  if (steps === null || !isSeparated(steps)) return null;
  return (bytes, from, to, parts) => {
    resetTime(parts);
    let at = from;
    for (const step of steps) {
      if (step.part === null) {
        if (at >= to || bytes[at++] !== step.literal) return false;
        continue;
      }
      let value = 0;
      let count = 0;
      while (count < step.digitsMax && at < to && isDigit(bytes[at])) {
        value = value * 10 + (bytes[at++] ?? 0) - ZERO;
        count++;
      }
      if (count < step.digitsMin) return false;
      parts[step.part] = value;
    }
    return at === to && isPossible(parts);
  };
}

/** The steps of a format whose every part is written with as many digits as can be, and that holds no
 *  part of a day; else null. */
export function fixedDaySteps(format: string): readonly DateStep[] | null {
  const steps = readSteps(format);
  if (steps === null) return null;
  const fixed = steps.every(
    ({ part, digitsMin, digitsMax }) =>
      part === null || (digitsMin === digitsMax && !PARTS_OF_DAY.has(part)),
  );
  return fixed ? steps : null;
}

const PARTS_OF_DAY: ReadonlySet<keyof DateParts> = new Set([
  "hour",
  "minute",
  "second",
  "millisecond",
]);

export interface DateStep {
  /** Null for a literal byte. */
  readonly part: keyof DateParts | null;
  readonly literal: number;
  readonly digitsMin: number;
  readonly digitsMax: number;
}

const TOKENS: Readonly<Record<string, readonly [keyof DateParts, min: number, max: number]>> = {
  yyyy: ["year", 4, 4],
  M: ["month", 1, 2],
  MM: ["month", 2, 2],
  L: ["month", 1, 2],
  LL: ["month", 2, 2],
  d: ["day", 1, 2],
  dd: ["day", 2, 2],
  H: ["hour", 1, 2],
  HH: ["hour", 2, 2],
  m: ["minute", 1, 2],
  mm: ["minute", 2, 2],
  s: ["second", 1, 2],
  ss: ["second", 2, 2],
  SSS: ["millisecond", 3, 3],
};

/** Luxon's tokens are runs of one letter; single quotes hold literals. */
function readSteps(format: string): readonly DateStep[] | null {
  const steps: DateStep[] = [];
  const named = new Set<string>();
  for (const [piece] of format.matchAll(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']|'/g)) {
    if (!/^[A-Za-z]/.test(piece)) {
      if (piece === "'") return null;
      for (const byte of new TextEncoder().encode(piece.replaceAll("'", ""))) {
        steps.push({ part: null, literal: byte, digitsMin: 0, digitsMax: 0 });
      }
      continue;
    }
    const token = TOKENS[piece];
    // The same part twice would have to agree with itself.
    if (token === undefined || named.has(token[0])) return null;
    const [part, digitsMin, digitsMax] = token;
    named.add(part);
    steps.push({ part, literal: 0, digitsMin, digitsMax });
  }
  const whole = ["year", "month", "day"].every((part) => named.has(part));
  return whole ? steps : null;
}

/** A number of one or two digits must not run into the next number. */
function isSeparated(steps: readonly DateStep[]): boolean {
  return steps.every((step, place) => {
    const next = steps[place + 1];
    if (step.part === null || step.digitsMin === step.digitsMax || next === undefined) return true;
    return next.part === null && !isDigit(next.literal);
  });
}

function resetTime(parts: DateParts): void {
  parts.hour = 0;
  parts.minute = 0;
  parts.second = 0;
  parts.millisecond = 0;
}

/** Years of fewer than four digits are left to the reader of strings. */
function isPossible({ year, month, day, hour, minute, second }: DateParts): boolean {
  if (year < 1000 || month < 1 || month > 12 || day < 1) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  return day <= 28 || day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 0x39;
}

const ZERO = 0x30;
