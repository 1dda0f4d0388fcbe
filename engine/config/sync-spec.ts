import type { Position } from "../base/diagnostic.ts";

export type Operation = "insert" | "update" | "upsert" | "delete";
export type NullPolicy = "ignore" | "clear" | "error";
export type DuplicatePolicy = "reject" | "first" | "last";
export type Transform = "trim" | "lower" | "upper" | "title" | "collapseSpaces" | "digits";
export type GuardName = "maxFailed" | "maxChangeRatio" | "minSourceRows" | "maxDeletes" | "maxAge";

/** One sync as the rest of the engine sees it: validated, defaults filled in, units resolved.
 *  Plain data, so that a test can write one by hand. */
export interface SyncSpec {
  readonly name: string;
  /** Absolute path of the spec. */
  readonly file: string;
  /** The path as messages show it: relative to the folder of sync.config.yaml. */
  readonly fileShown: string;
  /** The org named by the spec itself; null: the default org. */
  readonly org: string | null;
  readonly source: SourceSpec;
  readonly target: TargetSpec;
  /** In the order of the spec. */
  readonly mapping: readonly FieldMapping[];
  /** A CEL expression; rows for which it is false are filtered. */
  readonly where: string | null;
  readonly nulls: NullPolicy;
  readonly duplicates: DuplicatePolicy;
  readonly onInvalid: "skip" | "stop";
  readonly dependsOn: readonly string[];
  readonly chunk: { readonly bytesMax: number; readonly rowsMax: number };
  readonly parallelJobs: number;
  readonly results: "full" | "failures";
  readonly retry: { readonly roundsMax: number };
  readonly pollTimeoutMs: number;
  /** An insert without a key says so; every run then sends every row. */
  readonly repeat: boolean;
  /** What becomes of records whose key left the source; null: nothing. */
  readonly mirror: MirrorSpec | null;
  readonly guards: Guards;
  readonly schedule: ScheduleSpec | null;
  /** Where each value of the spec stands, by JSON pointer ("/mapping/Email/from"). */
  readonly positions: Readonly<Record<string, Position>>;
}

export interface SourceSpec {
  /** Globs relative to the spec's folder, as written. */
  readonly files: readonly string[];
  /** Absolute folder that the globs start from. */
  readonly folder: string;
  /** One character; null: detected. */
  readonly delimiter: string | null;
  readonly quote: string;
  /** utf-8 (default), utf-16le, utf-16be, latin1, windows-1252. */
  readonly encoding: string;
  /** Lines that start with this are no rows; null: there are no comments. */
  readonly comment: string | null;
  readonly skipLines: number;
  /** Column names when the files have no header line; null: the first record is the header. */
  readonly columns: readonly string[] | null;
}

export interface TargetSpec {
  /** As written; the canonical name comes from describe. */
  readonly object: string;
  readonly operation: Operation;
  readonly externalId: string | null;
  readonly assignmentRuleId: string | null;
}

/** One target field and where its value comes from: exactly one of from, value, expr is set. */
export interface FieldMapping {
  /** As written: `Email`, `Account.ERP_Id__c`, `User:Owner.Email`. */
  readonly field: string;
  readonly from: string | null;
  readonly value: string | null;
  readonly expr: string | null;
  readonly transform: readonly Transform[];
  /** Luxon tokens or "iso". */
  readonly date: string | null;
  readonly dateTime: string | null;
  /** IANA zone for texts that hold no offset. */
  readonly zone: string | null;
  /** Locale of the digits. */
  readonly number: string | null;
  readonly boolean: { readonly true: readonly string[]; readonly false: readonly string[] } | null;
  readonly values: Readonly<Record<string, string>> | null;
  readonly default: string | null;
  /** The field's own policy; null: the spec's. */
  readonly nulls: NullPolicy | null;
  /** Maps a record type's DeveloperName to its Id. */
  readonly recordType: boolean;
}

/** Records whose key left the source are deleted, or updated once with constants: a departed key has no
 *  row that a value could come from. */
export type MirrorSpec =
  | { readonly action: "delete" }
  | { readonly action: "update"; readonly mapping: readonly FieldMapping[] };

/** Guards not named are off (null); maxFailed is 0 by default. Ratios are fractions, 0.5 for 50%. */
export interface Guards {
  readonly maxFailed: { readonly rows: number } | { readonly ratio: number } | null;
  readonly maxChangeRatio: number | null;
  readonly minSourceRows: number | null;
  readonly maxDeletes: number | null;
  /** The oldest that a source file may be. */
  readonly maxAgeMs: number | null;
}

export interface ScheduleSpec {
  readonly cron: string;
  /** IANA zone; UTC when not given. */
  readonly timezone: string;
  readonly overlap: "skip";
  readonly catchUp: "latest" | "none";
  readonly jitterMs: number;
  readonly pauseAfterFailures: number | null;
}

/** The project: sync.config.yaml and the specs it names. */
export interface Project {
  /** Absolute path of sync.config.yaml. */
  readonly file: string;
  /** Absolute folder of sync.config.yaml: what messages and state are relative to. */
  readonly folder: string;
  readonly defaultOrg: string | null;
  readonly orgs: Readonly<Record<string, OrgSpec>>;
  /** Absolute folder of the state. */
  readonly stateFolder: string;
  readonly syncs: readonly SyncSpec[];
}

/** An org as configured. Secrets are resolved only when a command connects: see `resolveAuth`. */
export interface OrgSpec {
  readonly name: string;
  readonly emulator: boolean;
  /** Null only for the emulator and for sfCli, which brings its own. A ${env:X} in it that is missing
   *  stays as it is written; resolveAuth refuses it. */
  readonly instanceUrl: string | null;
  /** Such as "61.0". */
  readonly apiVersion: string;
  readonly protected: boolean;
  readonly auth: AuthSpec | null;
  readonly position: Position;
}

/** Values may still hold ${env:X} and ${file:X} references: text that is safe to print. */
export type AuthSpec =
  | { readonly flow: "clientCredentials"; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly flow: "jwtBearer";
      readonly clientId: string;
      readonly username: string;
      readonly privateKey: string;
      readonly audience: string | null;
    }
  | {
      readonly flow: "refreshToken";
      readonly clientId: string;
      readonly clientSecret: string | null;
      readonly refreshToken: string;
    }
  | { readonly flow: "accessToken"; readonly accessToken: string }
  | { readonly flow: "sfCli"; readonly username: string };
