/** A project with a mistake in it. What is not given is the good project of `goodProject`. */
export interface BadCase {
  /** Names the golden file. */
  readonly name: string;
  /** The whole of sync.config.yaml. */
  readonly config?: string | Uint8Array;
  /** The whole of contacts.sync.yaml. */
  readonly spec?: string | Uint8Array;
  /** Replaced in the good spec: what, and by what. */
  readonly change?: readonly [string, string];
  /** Replaced in the good config. */
  readonly changeConfig?: readonly [string, string];
  /** Further files; null removes one of the good project. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly configPath?: string;
}

export const goodConfig = `version: 1
defaultOrg: demo
orgs:
  demo: { emulator: true }
syncs: [specs/*.sync.yaml]
`;

export const goodSpec = `sync: contacts
source:
  files: contacts.csv
target:
  object: Contact
  operation: upsert
  externalId: ERP_Id__c
mapping:
  ERP_Id__c: customer_no
  LastName: { from: last_name }
`;

/** The files of a case, by path from the project's folder. */
export function filesOf(bad: BadCase): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>([
    ["sync.config.yaml", bad.config ?? replaceIn(goodConfig, bad.changeConfig)],
    ["specs/contacts.sync.yaml", bad.spec ?? replaceIn(goodSpec, bad.change)],
  ]);
  for (const [file, text] of Object.entries(bad.files ?? {})) {
    if (text === null) files.delete(file);
    else files.set(file, text);
  }
  return files;
}

function replaceIn(text: string, change: readonly [string, string] | undefined): string {
  if (change === undefined) return text;
  if (!text.includes(change[0])) throw new Error(`The good file does not hold ${change[0]}`);
  return text.replace(change[0], () => change[1]);
}

/** A case that replaces the last mapped field of the good spec by other lines. */
export function field(name: string, lines: string): BadCase {
  return { name, change: ["  LastName: { from: last_name }\n", `  ${lines}\n`] };
}

/** A case that adds lines at the end of the good spec, at its top level. */
export function setting(name: string, lines: string): BadCase {
  return { name, spec: `${goodSpec}${lines}\n` };
}
