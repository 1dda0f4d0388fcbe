import type { CodeEntry } from "./code-entry.ts";

/** Codes of reading sync.config.yaml and the specs. */
export const CONFIG_CODES = {
  CONFIG_NOT_FOUND: {
    remedy: "fix",
    exit: 3,
    summary: "No sync.config.yaml",
    explain:
      "A project begins with a file sync.config.yaml; it is looked for in the working directory and in every folder above it, or named by --config.",
  },
  CONFIG_UNREADABLE: {
    remedy: "fix",
    exit: 3,
    summary: "File cannot be read",
    explain:
      "The file exists but cannot be opened: its permissions, or it is a folder, or too large.",
  },
  CONFIG_ENCODING: {
    remedy: "fix",
    exit: 3,
    summary: "File is not UTF-8",
    explain: "YAML files are read as UTF-8, with or without a byte order mark. Save the file so.",
  },
  CONFIG_EMPTY: {
    remedy: "fix",
    exit: 3,
    summary: "File is empty",
    explain: "The file holds nothing, or only comments, where a project or a sync is described.",
  },
  CONFIG_YAML: {
    remedy: "fix",
    exit: 3,
    summary: "Not valid YAML",
    explain:
      "The text breaks a rule of YAML: often an indentation, a missing quote, or a value that needs quotes.",
  },
  CONFIG_YAML_FEATURE: {
    remedy: "fix",
    exit: 3,
    summary: "YAML feature not used here",
    explain:
      "Anchors, aliases, merge keys, tags and several documents in one file are refused: a spec should read the same to everyone who reviews it.",
  },
  CONFIG_KEY_TWICE: {
    remedy: "fix",
    exit: 3,
    summary: "Key given twice",
    explain: "Only one of the two values could be used, and which one would be a guess.",
  },
  CONFIG_UNKNOWN_KEY: {
    remedy: "fix",
    exit: 3,
    summary: "Unknown key",
    explain: "A key that Sluice does not know would be ignored in silence, so it is an error.",
  },
  CONFIG_MISSING_KEY: {
    remedy: "fix",
    exit: 3,
    summary: "Missing key",
    explain: "A key without a default must be written.",
  },
  CONFIG_WRONG_TYPE: {
    remedy: "fix",
    exit: 3,
    summary: "Wrong kind of value",
    explain: "For example a text where a number, a list or a mapping is needed.",
  },
  CONFIG_BAD_VALUE: {
    remedy: "fix",
    exit: 3,
    summary: "Value not accepted",
    explain: "The value is of the right kind but none that this key takes.",
  },
  CONFIG_BAD_UNIT: {
    remedy: "fix",
    exit: 3,
    summary: "Size, duration or percentage not understood",
    explain:
      "Sizes are written 100MB (KB, MB, GB: thousands; KiB, MiB, GiB: 1024s), durations 30s, 15m, 1h, 7d, percentages 50%.",
  },
  CONFIG_BAD_SCHEDULE: {
    remedy: "fix",
    exit: 3,
    summary: "Schedule not understood",
    explain: "The cron pattern cannot be read, so the sync would never run.",
  },
  CONFIG_BAD_ZONE: {
    remedy: "fix",
    exit: 3,
    summary: "Unknown time zone",
    explain:
      "Time zones are names of the IANA list, such as Europe/Berlin or UTC, because only they know about daylight saving time.",
  },
  CONFIG_BAD_DATE_FORMAT: {
    remedy: "fix",
    exit: 3,
    summary: "Date format not accepted",
    explain:
      "Formats are Luxon's tokens (dd.MM.yyyy HH:mm) or iso. They must tell day, month and a year of four digits; two digits would leave the century to a guess.",
  },
  CONFIG_ZONE_MISSING: {
    remedy: "fix",
    exit: 3,
    summary: "Time zone missing",
    explain:
      "A date and time without an offset means a different instant in every zone, so the spec has to name one.",
  },
  CONFIG_REFERENCE: {
    remedy: "fix",
    exit: 3,
    summary: "Reference not understood",
    explain: "References are ${env:NAME} and ${file:path}; $${ writes a plain ${.",
  },
  CONFIG_ENV_MISSING: {
    remedy: "fix",
    exit: 3,
    summary: "Environment variable not set",
    explain: "A reference ${env:NAME} names a variable that is not set or is empty.",
  },
  CONFIG_FILE_MISSING: {
    remedy: "fix",
    exit: 3,
    summary: "Referenced file cannot be read",
    explain: "A reference ${file:path} names a file that is not there or cannot be read.",
  },
  CONFIG_LITERAL_SECRET: {
    remedy: "fix",
    exit: 3,
    summary: "Secret written in the file",
    explain:
      "Specs are committed to git, and a secret in git is no secret. Write ${env:NAME} or ${file:path}, and replace a secret that was ever committed.",
  },
  CONFIG_ORG: {
    remedy: "fix",
    exit: 3,
    summary: "Org not configured rightly",
    explain:
      "An org is either the local one (emulator: true), or has an address and a way to sign in.",
  },
  CONFIG_ORG_URL: {
    remedy: "fix",
    exit: 3,
    summary: "Org address not accepted",
    explain:
      "The address is the org's My Domain, over https; http only on this computer, because tokens would travel in the open.",
  },
  CONFIG_ORG_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "Unknown org",
    explain: "The name is none of the orgs in sync.config.yaml.",
  },
  CONFIG_NO_SPECS: {
    remedy: "fix",
    exit: 3,
    summary: "Pattern matches no spec",
    explain:
      "A pattern under syncs that matches nothing is most often a typing mistake, and its syncs would silently not run.",
  },
  CONFIG_SPEC_OUTSIDE: {
    remedy: "fix",
    exit: 3,
    summary: "Spec outside the project",
    explain:
      "Specs live in the folder of sync.config.yaml or below, so that one commit holds all that a run depends on.",
  },
  CONFIG_NAME_TWICE: {
    remedy: "fix",
    exit: 3,
    summary: "Two syncs with one name",
    explain: "State, history and commands tell syncs apart by name (letter case does not count).",
  },
  CONFIG_DEPENDS_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "Depends on an unknown sync",
    explain: "dependsOn names a sync that no spec of the project has.",
  },
  CONFIG_DEPENDS_CYCLE: {
    remedy: "fix",
    exit: 3,
    summary: "Syncs depend on each other in a circle",
    explain: "None of them could ever be the first to run.",
  },
  CONFIG_SYNC_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "Unknown sync",
    explain: "The command line names a sync that no spec of the project has.",
  },
  CONFIG_MAPPING: {
    remedy: "fix",
    exit: 3,
    summary: "Mapping contradicts itself",
    explain:
      "A field takes its value from exactly one of from, value and expr, and text is converted in one way only.",
  },
  CONFIG_FIELD_TWICE: {
    remedy: "fix",
    exit: 3,
    summary: "Field mapped twice",
    explain:
      "Salesforce's field names do not tell upper from lower case, so the two are one field.",
  },
  CONFIG_KEY_FIELD: {
    remedy: "fix",
    exit: 3,
    summary: "Key field not usable",
    explain:
      "The key tells which record a row means: upsert needs one, it must be mapped, and it can be neither cleared nor constant.",
  },
  CONFIG_OPERATION: {
    remedy: "fix",
    exit: 3,
    summary: "Setting does not fit the operation",
    explain: "For example a delete that maps fields, or repeat for anything but an insert.",
  },
} as const satisfies Record<string, CodeEntry>;
