import { type DateParts, fixedDaySteps } from "./date-pattern.ts";

/** A date format as date.as.ts works by it, 68 bytes: the lowest and the highest byte at each place, where
 *  each byte of yyyy-MM-dd comes from, its hyphens, the width. Null for a format without a fixed width. */
export function dateBytes(format: string): Uint8Array | null {
  const steps = fixedDaySteps(format);
  if (steps === null) return null;
  const low: number[] = [];
  const high: number[] = [];
  const order: number[] = new Array(LANES).fill(NOWHERE);
  for (const { part, literal, digitsMax } of steps) {
    if (part === null) {
      low.push(literal);
      high.push(literal);
      continue;
    }
    const to = PLACES[part] ?? 0;
    for (let i = 0; i < digitsMax; i++) {
      order[to + i] = low.length;
      // Years of fewer than four digits are left to the reader of strings.
      low.push(part === "year" && i === 0 ? ONE : ZERO);
      high.push(NINE);
    }
  }
  if (low.length > LANES) return null;
  const bytes = new Uint8Array(LANES * 4 + 4);
  bytes.set(low);
  bytes.fill(0xff, LANES, LANES * 2);
  bytes.set(high, LANES);
  bytes.set(order, LANES * 2);
  for (const hyphen of [4, 7]) bytes[LANES * 3 + hyphen] = HYPHEN;
  bytes[LANES * 4] = low.length;
  return bytes;
}

const LANES = 16;
/** A place that the kernel reads as zero. */
const NOWHERE = 0xff;
/** Where the parts stand in yyyy-MM-dd. */
const PLACES: Partial<Record<keyof DateParts, number>> = { year: 0, month: 5, day: 8 };
const ZERO = 0x30;
const ONE = 0x31;
const NINE = 0x39;
const HYPHEN = 0x2d;
