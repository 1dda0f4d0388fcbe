import { checkDateFormat, holdsOffset } from "./check-date-format.ts";
import { checkZone } from "./check-zone.ts";
import { complain, type Draft, type Findings } from "./findings.ts";
import { isWritten, pointerTo, textAt } from "./source-document.ts";
import type { FieldMapping } from "./sync-spec.ts";
import type { FieldMappingYaml } from "./sync-yaml.generated.ts";

type LongForm = Draft<Exclude<FieldMappingYaml, string>>;

/** The mapping of a sync, or of the fields that its mirror updates (`at`), field by field in the order of
 *  the spec. */
export function readMapping(
  findings: Findings,
  yaml: Readonly<Record<string, Draft<FieldMappingYaml> | undefined>>,
  at = "/mapping",
): FieldMapping[] {
  const fields: FieldMapping[] = [];
  const seen = new Map<string, string>();
  for (const [field, written] of Object.entries(yaml)) {
    if (written === undefined) continue;
    const pointer = pointerTo(at, field);
    const earlier = seen.get(field.toLowerCase());
    if (earlier !== undefined) {
      complain(findings, "CONFIG_FIELD_TWICE", pointer, {
        detail: `The field ${field} is mapped above as ${earlier}; Salesforce takes the two for one.`,
        hint: "Remove one of the two.",
        atKey: true,
      });
    }
    seen.set(field.toLowerCase(), field);
    const long: LongForm = typeof written === "string" ? { from: written } : written;
    if (typeof written !== "string") checkField(findings, pointer, field, long);
    fields.push(readField(findings, { pointer, field, yaml: long, short: written }));
  }
  return fields;
}

interface WrittenField {
  readonly pointer: string;
  readonly field: string;
  readonly yaml: LongForm;
  readonly short: unknown;
}

function readField(
  findings: Findings,
  { pointer, field, yaml, short }: WrittenField,
): FieldMapping {
  const { document } = findings;
  const text = (key: string, value: unknown) =>
    value === undefined ? null : textAt(document, pointerTo(pointer, key));
  return {
    field,
    from: typeof short === "string" ? short : text("from", yaml.from),
    value: text("value", yaml.value),
    expr: yaml.expr ?? null,
    transform: (yaml.transform ?? []).filter((name) => name !== undefined),
    date: yaml.date ?? null,
    dateTime: yaml.dateTime ?? null,
    zone: yaml.zone ?? null,
    number: yaml.number ?? null,
    boolean: readWords(findings, pointerTo(pointer, "boolean"), yaml.boolean),
    values: readTable(findings, pointerTo(pointer, "values"), yaml.values),
    default: text("default", yaml.default),
    nulls: yaml.nulls ?? null,
    recordType: yaml.recordType ?? false,
  };
}

function readWords(
  findings: Findings,
  pointer: string,
  yaml: LongForm["boolean"],
): FieldMapping["boolean"] {
  if (yaml === undefined) return null;
  const wordsOf = (key: "true" | "false") =>
    (yaml[key] ?? []).map((_, i) =>
      textAt(findings.document, pointerTo(pointerTo(pointer, key), i)),
    );
  const words = { true: wordsOf("true"), false: wordsOf("false") };
  const folded = words.true.map((word) => word.trim().toLowerCase());
  for (const [i, word] of words.false.entries()) {
    if (!folded.includes(word.trim().toLowerCase())) continue;
    complain(findings, "CONFIG_MAPPING", pointerTo(pointerTo(pointer, "false"), i), {
      detail: `"${word}" stands among the words for true and among those for false.`,
      hint: "Remove it from one of the two lists.",
    });
  }
  return words;
}

function readTable(
  findings: Findings,
  pointer: string,
  yaml: LongForm["values"],
): FieldMapping["values"] {
  if (yaml === undefined) return null;
  // Without a prototype, so that a source text such as "constructor" finds nothing.
  const table: Record<string, string> = Object.create(null);
  for (const key of Object.keys(yaml)) {
    table[key] = textAt(findings.document, pointerTo(pointer, key));
  }
  return table;
}

/** The ways to turn a text into another kind of value: a field takes one of them. */
const CONVERSIONS = ["date", "dateTime", "number", "boolean", "values", "recordType"] as const;
const CHANGES = ["transform", ...CONVERSIONS, "default"] as const;
const ORIGINS = ["from", "value", "expr"] as const;

function checkField(findings: Findings, pointer: string, field: string, yaml: LongForm): void {
  const has = (key: string) => isWritten(findings.document, pointerTo(pointer, key));
  const origins = ORIGINS.filter(has);
  if (origins.length !== 1) {
    complainAboutOrigins(findings, pointer, field, origins);
  } else if (origins[0] === "value") {
    for (const key of CHANGES.filter(has)) {
      complain(findings, "CONFIG_MAPPING", pointerTo(pointer, key), {
        detail: `${field} is a constant, which is sent as it is written; "${key}" has nothing to work on.`,
        hint: `Remove "${key}", or take the text from a column with "from".`,
        atKey: true,
      });
    }
    return;
  }
  const [first, ...others] = CONVERSIONS.filter(has);
  for (const other of others) {
    complain(findings, "CONFIG_MAPPING", pointerTo(pointer, other), {
      detail: `${field} has both "${first}" and "${other}", and a text is converted in one way only.`,
      hint: "Remove one of the two.",
      atKey: true,
    });
  }
  if (yaml.recordType === true && !/^(\w+\.)?RecordTypeId$/i.test(field)) {
    complain(findings, "CONFIG_MAPPING", pointerTo(pointer, "recordType"), {
      detail: `recordType turns a record type's DeveloperName into its Id, which only the field RecordTypeId takes.`,
      hint: `Map RecordTypeId, or remove "recordType".`,
      atKey: true,
    });
  }
  checkDates(findings, pointer, yaml);
  if (yaml.number !== undefined) checkLocale(findings, pointerTo(pointer, "number"), yaml.number);
}

function complainAboutOrigins(
  findings: Findings,
  pointer: string,
  field: string,
  origins: readonly string[],
): void {
  // A key that was refused (such as `fro`) was probably meant to be the origin.
  const hasRefused = [...findings.document.refused].some((at) => at.startsWith(`${pointer}/`));
  const [first, second] = origins;
  if (first === undefined || second === undefined) {
    if (hasRefused) return;
    complain(findings, "CONFIG_MAPPING", pointer, {
      detail: `${field} has none of "from", "value" and "expr", so it is not said what goes into it.`,
      hint: `For a source column:\n    ${field}: { from: column }`,
      atKey: true,
    });
    return;
  }
  complain(findings, "CONFIG_MAPPING", pointerTo(pointer, second), {
    detail: `${field} has both "${first}" and "${second}", and can take its value from one only.`,
    hint:
      second === "value" || first === "value"
        ? 'Remove one of the two. For a value where the column is blank, use "default".'
        : "Remove one of the two.",
    atKey: true,
  });
}

function checkDates(findings: Findings, pointer: string, yaml: LongForm): void {
  const { date, dateTime, zone } = yaml;
  const zonePointer = pointerTo(pointer, "zone");
  const hasDateTime = isWritten(findings.document, pointerTo(pointer, "dateTime"));
  if (date !== undefined) checkDateFormat(findings, pointerTo(pointer, "date"), date);
  if (dateTime !== undefined) checkDateFormat(findings, pointerTo(pointer, "dateTime"), dateTime);
  if (zone !== undefined) checkZone(findings, zonePointer, zone);
  if (zone !== undefined && !hasDateTime) {
    complain(findings, "CONFIG_MAPPING", zonePointer, {
      detail:
        date === undefined
          ? '"zone" says how a dateTime is read, and there is none.'
          : 'A "date" is a calendar day, the same in every zone; "zone" would have no effect.',
      hint: 'Remove "zone", or use "dateTime".',
      atKey: true,
    });
  }
  if (dateTime === undefined || dateTime === "iso") return;
  const isZoneWritten = isWritten(findings.document, zonePointer);
  if (holdsOffset(dateTime) && isZoneWritten) {
    complain(findings, "CONFIG_MAPPING", zonePointer, {
      detail:
        "The format holds an offset, so every text tells its own; the zone would have no effect.",
      hint: 'Remove "zone".',
      atKey: true,
    });
  } else if (!holdsOffset(dateTime) && !isZoneWritten) {
    complain(findings, "CONFIG_ZONE_MISSING", pointerTo(pointer, "dateTime"), {
      detail: `The format ${dateTime} holds no offset, so the instant is not known without a zone.`,
      hint: "Add the zone that the source's times are in:\n    zone: Europe/Berlin",
    });
  }
}

function checkLocale(findings: Findings, pointer: string, locale: string): void {
  try {
    if (Intl.NumberFormat.supportedLocalesOf(locale).length > 0) return;
  } catch {
    // Not even of a locale's form: the same complaint.
  }
  complain(findings, "CONFIG_BAD_VALUE", pointer, {
    detail:
      "number takes a locale, which tells how digits are grouped; this is none that is known.",
    hint: "For example de for 1.234,5, en for 1,234.5, fr for 1 234,5, de-CH for 1'234.5.",
  });
}
