import { DateTime } from "luxon";
import { type Converted, shown } from "./value-problem.ts";

/** Reads a calendar day in the given format and writes it as yyyy-MM-dd. The day never becomes a
 *  moment in some zone, so it can't slip to its neighbour. */
export function compileDate(format: string): (text: string) => Converted {
  const read = dayReader(format);
  return (text) =>
    read(text.trim()) ?? {
      code: "VALUE_NOT_DATE",
      reason: `${shown(text)} is no date in the form ${format === "iso" ? "yyyy-MM-dd" : format}.`,
    };
}

function dayReader(format: string): (text: string) => string | null {
  const luxonFormat = format === "iso" ? "yyyy-MM-dd" : format;
  const parser = DateTime.buildFormatParser(luxonFormat, READ_AS);
  return (text) => {
    // UTC has no gaps, so that every calendar day exists in it.
    const day = DateTime.fromFormatParser(text, parser, READ_AS);
    return day.isValid && day.year >= YEAR_MIN && day.year <= YEAR_MAX ? day.toISODate() : null;
  };
}

/** Month names are read in English; the zone is only a place to count days in. */
const READ_AS = { zone: "utc", locale: "en-US" } as const;
const YEAR_MIN = 1;
const YEAR_MAX = 9999;
