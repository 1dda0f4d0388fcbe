import { suggest } from "../base/suggest.ts";
import { complain, type Draft, type Findings } from "./findings.ts";
import { checkMirror } from "./read-mirror.ts";
import { isWritten, pointerTo } from "./source-document.ts";
import type { SyncYaml } from "./sync-yaml.generated.ts";

/** Holds target, mapping and the settings around them against each other, as far as that needs no
 *  describe. What was refused before is taken as present, so that one mistake is told once. */
export function checkOperation(findings: Findings, yaml: Draft<SyncYaml>): void {
  const operation = yaml.target?.operation;
  if (operation === undefined) return;
  checkKeyGiven(findings, yaml, operation);
  checkKeyMapped(findings, yaml);
  if (operation === "delete") checkDelete(findings, yaml);
  checkNulls(findings, yaml);
  checkRule(findings, yaml);
  checkMirror(findings, yaml);
}

type Operation = NonNullable<NonNullable<SyncYaml["target"]>["operation"]>;

function checkKeyGiven(findings: Findings, yaml: Draft<SyncYaml>, operation: Operation): void {
  const hasKey = isWritten(findings.document, "/target/externalId");
  const hasRepeat = isWritten(findings.document, "/repeat");
  if (operation === "upsert" && !hasKey) {
    complain(findings, "CONFIG_KEY_FIELD", "/target", {
      detail: "An upsert needs target.externalId: the field that tells which record a row means.",
      hint: "Name an external id field of the object:\n    externalId: ERP_Id__c",
      atKey: true,
    });
  }
  if (operation === "insert" && !hasKey && (!hasRepeat || yaml.repeat === false)) {
    complain(findings, "CONFIG_KEY_FIELD", "/target", {
      detail:
        "An insert without target.externalId cannot tell which rows it has already sent, so every run would insert them all again.",
      hint: "Name a mapped field that is different in every row:\n    externalId: ERP_Id__c\nOr, if every run shall insert every row, add at the top of the spec:\n    repeat: true",
      atKey: true,
    });
  }
  if (yaml.repeat !== true) return;
  if (operation !== "insert") {
    complain(findings, "CONFIG_OPERATION", "/repeat", {
      detail:
        `repeat is for an insert without a key; an ${operation} can be repeated anyway.`.replace(
          "an delete",
          "a delete",
        ),
      hint: "Remove repeat.",
      atKey: true,
    });
  } else if (hasKey) {
    complain(findings, "CONFIG_OPERATION", "/repeat", {
      detail: "repeat sends every row on every run, and externalId prevents just that.",
      hint: "Remove one of the two.",
      atKey: true,
    });
  }
}

function checkKeyMapped(findings: Findings, yaml: Draft<SyncYaml>): void {
  const key = yaml.target?.externalId;
  if (key === undefined || !isWritten(findings.document, "/mapping")) return;
  const fields = fieldsWritten(findings);
  const written = fields.find((field) => field.toLowerCase() === key.toLowerCase());
  if (written === undefined) {
    if (findings.document.refused.has("/mapping")) return;
    // A custom field's __c is forgotten more often than any other letters.
    const near =
      suggest(key, fields) ??
      suggest(key.replace(/__c$/i, ""), fields) ??
      suggest(`${key}__c`, fields);
    complain(findings, "CONFIG_KEY_FIELD", "/target/externalId", {
      detail: `The key ${key} is not among the mapped fields, so no row would have one.`,
      hint:
        near === null
          ? `Map it from the column that holds the key:\n    ${key}: customer_no`
          : `Did you mean "${near}"?`,
    });
    return;
  }
  const mapped = yaml.mapping?.[written];
  if (typeof mapped === "object" && mapped.value !== undefined) {
    complain(findings, "CONFIG_KEY_FIELD", pointerTo("/mapping", written), {
      detail: `The key ${written} is a constant, so all rows would mean the same record.`,
      hint: `Take it from a column:\n    ${written}: customer_no`,
      atKey: true,
    });
  }
}

function checkDelete(findings: Findings, yaml: Draft<SyncYaml>): void {
  const key = yaml.target?.externalId ?? "Id";
  if (isWritten(findings.document, "/target/externalId") && yaml.target?.externalId === undefined) {
    return;
  }
  const others = fieldsWritten(findings).filter(
    (field) => field.toLowerCase() !== key.toLowerCase(),
  );
  const [first] = others;
  if (first === undefined) return;
  complain(findings, "CONFIG_OPERATION", pointerTo("/mapping", first), {
    detail: `A delete maps its key (${key}) and nothing else, but this spec maps ${others.join(", ")} too.`,
    hint: "Remove the other fields, or set target.externalId to the field that is the key.",
    atKey: true,
  });
}

function checkNulls(findings: Findings, yaml: Draft<SyncYaml>): void {
  const key = (yaml.target?.externalId ?? "Id").toLowerCase();
  for (const [field, mapped] of Object.entries(yaml.mapping ?? {})) {
    if (typeof mapped !== "object" || mapped.nulls !== "clear") continue;
    const pointer = pointerTo(pointerTo("/mapping", field), "nulls");
    if (field.toLowerCase() === key) {
      complain(findings, "CONFIG_KEY_FIELD", pointer, {
        detail: `${field} is the key, and a record's key cannot be cleared: a row without it is invalid.`,
        hint: 'Remove "nulls" here.',
      });
    } else if (field.includes(".")) {
      complain(findings, "CONFIG_OPERATION", pointer, {
        detail: `${field} finds a parent by its external id, and Salesforce cannot clear a relationship that way.`,
        hint: 'Remove "nulls" here, or map the field that holds the parent\'s Id.',
      });
    }
  }
}

function checkRule(findings: Findings, yaml: Draft<SyncYaml>): void {
  const object = yaml.target?.object?.toLowerCase();
  if (yaml.target?.assignmentRuleId === undefined || object === undefined) return;
  if (object === "lead" || object === "case") return;
  complain(findings, "CONFIG_OPERATION", "/target/assignmentRuleId", {
    detail: `Assignment rules exist for Lead and Case only, and this sync writes ${yaml.target.object}.`,
    hint: "Remove assignmentRuleId.",
    atKey: true,
  });
}

/** The target fields of the spec, those with a mistake inside too. */
function fieldsWritten(findings: Findings): string[] {
  return [...findings.document.places.keys()]
    .filter((pointer) => /^\/mapping\/[^/]+$/.test(pointer))
    .map((pointer) =>
      pointer.slice("/mapping/".length).replaceAll("~1", "/").replaceAll("~0", "~"),
    );
}
