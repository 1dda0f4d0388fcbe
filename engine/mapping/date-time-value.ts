import { DateTime, IANAZone } from "luxon";
import { holdsOffset } from "../config/check-date-format.ts";
import { type Converted, shown, type ValueProblem } from "./value-problem.ts";

/** Reads a date and time and writes the moment in UTC, as 2024-02-29T12:30:00.000Z. The zone is for
 *  texts without an offset of their own. */
export function compileDateTime(format: string, zone: string | null): (text: string) => Converted {
  const read = format === "iso" ? readIso : formatReader(format);
  const local = zone === null ? null : IANAZone.create(zone);
  return (text) => {
    const found = read(text.trim());
    if (found === null) return notDateTime(text, format);
    if (found.kind === "moment") return utcText(found.ms) ?? notDateTime(text, format);
    if (local === null) {
      return {
        code: "VALUE_NOT_DATETIME",
        reason: `${shown(text)} does not say its offset from UTC, and the mapping names no zone for it.`,
      };
    }
    const moment = earliestMoment(found.ms, local);
    if (moment !== null) return utcText(moment) ?? notDateTime(text, format);
    return {
      code: "VALUE_TIME_SKIPPED",
      reason: `${shown(text)} does not exist in ${zone}: clocks are put forward over it that day.`,
    };
  };
}

/** A moment in milliseconds since the epoch, or what a wall clock shows, counted as if it hung in UTC. */
type Reading = { readonly kind: "moment" | "wall"; readonly ms: number };

function readIso(text: string): Reading | null {
  const match = ISO_TEXT.exec(text);
  if (match === null) return null;
  const read = DateTime.fromISO(text.replace(" ", "T"), { zone: "utc" });
  if (!read.isValid) return null;
  return { kind: match[1] === undefined ? "wall" : "moment", ms: read.toMillis() };
}

/** The extended form, with T or a space; a date alone is no time. */
const ISO_TEXT =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$/;

function formatReader(format: string): (text: string) => Reading | null {
  if (holdsZoneName(format)) return (text) => readWithZoneName(text, format);
  const parser = DateTime.buildFormatParser(format, READ_AS);
  const kind = holdsOffset(format) ? "moment" : "wall";
  return (text) => {
    const read = DateTime.fromFormatParser(text, parser, READ_AS);
    return read.isValid ? { kind, ms: read.toMillis() } : null;
  };
}

/** Whether the format holds z, the name of a zone, outside of quotes. */
function holdsZoneName(format: string): boolean {
  return /(?<![A-Za-z])z(?![A-Za-z])/.test(format.replace(/'[^']*'/g, " "));
}

/** A text that names its own zone. Luxon would push a time that the zone skips to the next one that
 *  exists, so only the parts of the text are taken from it. */
function readWithZoneName(text: string, format: string): Reading | null {
  const named = DateTime.fromFormat(text, format, { ...READ_AS, setZone: true });
  const zone = named.zone;
  if (!named.isValid || !(zone instanceof IANAZone)) return null;
  const bare = text.replace(zone.name, "UTC");
  const wall = DateTime.fromFormat(bare, format, READ_AS);
  if (!wall.isValid) return null;
  const ms = earliestMoment(wall.toMillis(), zone);
  return ms === null ? null : { kind: "moment", ms };
}

/** Month names are read in English. UTC shows every wall-clock time, so nothing is shifted here. */
const READ_AS = { zone: "utc", locale: "en-US" } as const;

/** The first moment at which clocks of the zone show this time: a time that comes twice is the
 *  earlier one; null for a time that is skipped. */
export function earliestMoment(wallMs: number, zone: IANAZone): number | null {
  // No place is further than 14 hours from UTC, so these two moments lie on either side of it.
  const offsets = [zone.offset(wallMs - SIDE_MS), zone.offset(wallMs + SIDE_MS)];
  const moments = offsets
    .map((minutes) => ({ minutes, ms: wallMs - minutes * 60_000 }))
    .filter(({ minutes, ms }) => zone.offset(ms) === minutes)
    .map(({ ms }) => ms);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** The largest moment a JavaScript Date holds. */
const DATE_MS_MAX = 8.64e15;
const SIDE_MS = 15 * 3_600_000;

function utcText(ms: number): string | null {
  if (Math.abs(ms) > DATE_MS_MAX) return null;
  const text = new Date(ms).toISOString();
  // Years outside 0000 to 9999 are written with a sign.
  return text.length === 24 ? text : null;
}

function notDateTime(text: string, format: string): ValueProblem {
  const form = format === "iso" ? "yyyy-MM-ddTHH:mm:ss" : format;
  return {
    code: "VALUE_NOT_DATETIME",
    reason: `${shown(text)} is no date and time in the form ${form}.`,
  };
}
