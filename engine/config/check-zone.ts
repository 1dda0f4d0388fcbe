import { suggest } from "../base/suggest.ts";
import { complain, type Findings } from "./findings.ts";
import { nameOf, writtenAs } from "./name-of.ts";

/** Complains when a text is no zone of the IANA list. */
export function checkZone(findings: Findings, pointer: string, zone: string): void {
  if (isZone(zone)) return;
  complain(findings, "CONFIG_BAD_ZONE", pointer, {
    detail: `${nameOf(pointer)} is ${writtenAs(findings.document, pointer)}, which is no time zone.`,
    hint: hintFor(zone),
  });
}

function isZone(zone: string): boolean {
  // An offset such as +01:00 knows no daylight saving time, whatever the platform makes of it.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function hintFor(zone: string): string {
  const zones = Intl.supportedValuesOf("timeZone");
  const city = zone.split("/").at(-1)?.replaceAll(" ", "_") ?? zone;
  const sameCity = zones.find((name) => name.toLowerCase().endsWith(`/${city.toLowerCase()}`));
  const near = suggest(zone, zones) ?? sameCity;
  return near === undefined
    ? "Write a name of the IANA list, such as Europe/Berlin, America/New_York or UTC."
    : `Did you mean "${near}"?`;
}
