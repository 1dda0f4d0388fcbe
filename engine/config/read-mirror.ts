import { complain, type Draft, type Findings } from "./findings.ts";
import { readMapping } from "./read-mapping.ts";
import { isWritten, pointerTo } from "./source-document.ts";
import type { MirrorSpec } from "./sync-spec.ts";
import type { SyncYaml } from "./sync-yaml.generated.ts";

/** Where the fields that a mirror updates stand in a spec. */
export const MIRROR_FIELDS = "/mirror/update";

/** What a spec says of records whose key left the source: `mirror: true` deletes them, `update` gives
 *  them constants. */
export function readMirror(findings: Findings, yaml: Draft<SyncYaml>): MirrorSpec | null {
  const { mirror } = yaml;
  if (mirror === true) return { action: "delete" };
  if (mirror === undefined || mirror === false) return null;
  const mapping = readMapping(findings, mirror.update ?? {}, MIRROR_FIELDS).map((field) =>
    // An empty value is meant to do something: whether the field can be cleared is then checked.
    isBlank(field.value ?? "") ? { ...field, nulls: field.nulls ?? yaml.nulls ?? null } : field,
  );
  return { action: "update", mapping };
}

/** Holds a mirror against the rest of its spec, as far as that needs no describe. */
export function checkMirror(findings: Findings, yaml: Draft<SyncYaml>): void {
  const operation = yaml.target?.operation;
  const { mirror } = yaml;
  if (mirror === undefined || mirror === false) return;
  if (operation === "delete" || yaml.repeat === true) {
    complain(findings, "CONFIG_OPERATION", "/mirror", {
      detail:
        operation === "delete"
          ? "mirror is about the records whose key left the source; this sync deletes those whose key is in it."
          : "mirror needs to know which records a sync has made, and an insert without a key knows none.",
      hint: "Remove mirror.",
      atKey: true,
    });
    return;
  }
  if (mirror === true) return;
  if (operation === "insert") {
    // Its record would still be there when the key comes back, and an insert makes another.
    complain(findings, "CONFIG_OPERATION", "/mirror", {
      detail:
        "A key that mirror has dealt with is new when it comes back, and an insert would make a second record beside the updated one.",
      hint: "Use operation: upsert, which finds the record again, or mirror: true, which deletes it.",
      atKey: true,
    });
  }
  for (const [field, written] of Object.entries(mirror.update ?? {})) {
    if (written !== undefined) checkField(findings, yaml, field, written);
  }
}

type WrittenField = NonNullable<
  NonNullable<Exclude<Draft<SyncYaml>["mirror"], boolean | undefined>["update"]>[string]
>;

function checkField(
  findings: Findings,
  yaml: Draft<SyncYaml>,
  field: string,
  { value, nulls }: WrittenField,
): void {
  const pointer = pointerTo(MIRROR_FIELDS, field);
  const name = field.toLowerCase();
  if (name === "id" || name === yaml.target?.externalId?.toLowerCase()) {
    complain(findings, "CONFIG_KEY_FIELD", pointer, {
      detail: `${field} says which record is meant, so mirror can't change it.`,
      hint: "Remove it.",
      atKey: true,
    });
    return;
  }
  // What was refused inside is told once.
  const nullsRefused = nulls === undefined && isWritten(findings.document, `${pointer}/nulls`);
  if (value === undefined || nullsRefused || !isBlank(String(value))) return;
  const policy = nulls ?? yaml.nulls ?? "ignore";
  if (policy === "clear") return;
  complain(findings, "CONFIG_MAPPING", pointer, {
    detail: `${field} is given an empty value, which with nulls: ${policy} changes nothing.`,
    hint: `To empty the field:\n    ${field}: { value: "", nulls: clear }`,
    atKey: true,
  });
}

/** As everywhere: Salesforce's text for null counts as blank, and only `nulls: clear` erases. */
function isBlank(value: string): boolean {
  return value.trim() === "" || value.trim() === "#N/A";
}
