import type { Proposal } from "../plan/propose-mapping.ts";

/** A first spec for people to go on with: what was guessed is marked, columns without a field stay as
 *  comments. */
export function specYaml(input: {
  readonly sync: string;
  /** Path of sync.schema.json, for editors. */
  readonly schema: string;
  readonly file: string;
  readonly object: string;
  readonly operation: string;
  readonly externalId: string | null;
  readonly proposals: readonly Proposal[];
}): string {
  const { proposals } = input;
  const lines = [
    `# yaml-language-server: $schema=${input.schema}`,
    `sync: ${scalar(input.sync)}`,
    "source:",
    `  files: ${scalar(input.file)}`,
    "target:",
    `  object: ${input.object}`,
    `  operation: ${input.operation}`,
    ...(input.externalId === null ? [] : [`  externalId: ${input.externalId}`]),
    "mapping:",
    ...proposals.flatMap(mappingLine),
  ];
  const without = proposals.filter(({ field }) => field === null);
  if (without.length > 0) {
    lines.push("  # No field seems to be meant by these columns:");
    for (const { column } of without) lines.push(`  # Some_Field__c: ${scalar(column)}`);
  }
  return `${lines.join("\n")}\n`;
}

function mappingLine({ column, field, trust }: Proposal): string[] {
  if (field === null) return [];
  const guess = trust === "guess" ? "  # a guess: is this the field?" : "";
  const from = scalar(column);
  switch (field.type) {
    case "date":
      return [`  ${field.name}: { from: ${from}, date: iso }  # which format has it?`];
    case "datetime":
      return [
        `  ${field.name}: { from: ${from}, dateTime: iso, zone: UTC }  # which format and zone?`,
      ];
    case "boolean":
      return [
        `  ${field.name}: { from: ${from}, boolean: { true: ["true", "1"], false: ["false", "0", ""] } }`,
      ];
    case "email":
      return [`  ${field.name}: { from: ${from}, transform: [trim, lower] }${guess}`];
    default:
      return [`  ${field.name}: ${from}${guess}`];
  }
}

/** Bare where YAML takes it for a text, else in double quotes. */
export function scalar(text: string): string {
  const isWord = /^[A-Za-z_][\w./*-]*( [\w./-]+)*$/.test(text);
  return isWord && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
