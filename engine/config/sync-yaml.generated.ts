// Generated from schemas/sync.schema.json by `npm run generate`. Change the schema, not this file.

/**
 * Short form: a source column. Long form: exactly one of from, value and expr, and what is done to it.
 */
export type FieldMappingYaml =
  | string
  | {
      /**
       * The source column.
       */
      from?: string | number;
      /**
       * A constant, the same in every row; numbers and booleans are taken as they are written.
       */
      value?: string | number | boolean;
      /**
       * A CEL expression over the raw source row: row.column or row["any name"].
       */
      expr?: string;
      /**
       * Simple changes of the text, one after the other.
       */
      transform?: ("trim" | "lower" | "upper" | "title" | "collapseSpaces" | "digits")[];
      /**
       * The text is a calendar day in this format: Luxon's tokens, or iso.
       */
      date?: string;
      /**
       * The text is a date and time in this format: Luxon's tokens, or iso.
       */
      dateTime?: string;
      /**
       * With dateTime: the IANA time zone of texts whose format holds no offset.
       */
      zone?: string;
      /**
       * The text is a number, its digits grouped as this locale does.
       */
      number?: string;
      /**
       * The words that mean true and the words that mean false; any other text makes the row invalid.
       */
      boolean?: {
        /**
         * The words that mean true.
         */
        true: (string | number | boolean)[];
        /**
         * The words that mean false.
         */
        false: (string | number | boolean)[];
      };
      /**
       * A table from source text to target value. Texts that are not in it take `default`, else the row is invalid.
       */
      values?: {
        [k: string]: string | number | boolean;
      };
      /**
       * What blank cells, and texts that `values` does not know, become. Default: nothing, so `nulls` decides.
       */
      default?: string | number | boolean;
      /**
       * What a blank cell of this field does. Default: the spec's `nulls`.
       */
      nulls?: "ignore" | "clear" | "error";
      /**
       * true: the text is the DeveloperName of a record type and becomes its Id. Default: false.
       */
      recordType?: boolean;
    };

/**
 * A sync spec: which files go to which Salesforce object, how, and when.
 */
export interface SyncYaml {
  /**
   * The sync's name, unique in the project. Commands, state and reports use it.
   */
  sync: string;
  /**
   * The org to write to, a name from sync.config.yaml. Default: its defaultOrg. The flag --org wins over both.
   */
  org?: string;
  source: SourceYaml;
  target: TargetYaml;
  /**
   * What goes into each field: the target field, then a source column or a mapping of details.
   */
  mapping: {
    [k: string]: FieldMappingYaml;
  };
  /**
   * A CEL expression over the raw source row; rows for which it is false are filtered out. Default: all rows.
   */
  where?: string;
  /**
   * What a blank cell does: ignore leaves the field as it is, clear empties it, error makes the row invalid. Default: ignore.
   */
  nulls?: "ignore" | "clear" | "error";
  /**
   * What happens when several rows have one key: reject sends none of them, first or last sends one. Default: reject.
   */
  duplicates?: "reject" | "first" | "last";
  /**
   * What invalid rows do: skip leaves them out (listed and counted), stop refuses the whole run before anything is sent. Default: skip.
   */
  onInvalid?: "skip" | "stop";
  /**
   * Names of the syncs that must have run before this one. Default: none.
   */
  dependsOn?: string[];
  /**
   * How many rows become one Bulk API 2.0 job: whichever limit is reached first.
   */
  chunk?: {
    /**
     * The most bytes of one job, as KB, MB or GB (thousands) or KiB, MiB or GiB (1024s). Bulk API 2.0 takes at most 100MB. Default: 100MB.
     */
    maxBytes?: string | number;
    /**
     * The most rows of one job. Default: 500000.
     */
    maxRows?: number;
  };
  /**
   * How many jobs may be open in the org at one time. Default: 4.
   */
  parallelJobs?: number;
  /**
   * full reads all result sets; failures leaves out the successful rows where it can, so that created and updated are not told apart. Default: full.
   */
  results?: "full" | "failures";
  /**
   * What happens to rows that failed for a passing reason, such as a record lock.
   */
  retry?: {
    /**
     * How often such rows are sent again in one run. Default: 3.
     */
    rounds?: number;
  };
  /**
   * How long a run waits for its jobs before it ends as resumable. Default: 1h.
   */
  pollTimeout?: string | number;
  /**
   * For an insert without externalId: true says that every run shall insert every row again. Default: false.
   */
  repeat?: boolean;
  /**
   * What becomes of records that this sync has made and whose key left the source. true: they are deleted. With update: they get these values, once. Both need guards.maxDeletes. Default: false, nothing.
   */
  mirror?:
    | boolean
    | {
        /**
         * Target fields and the constants that they get. The row is gone, so nothing can come from it.
         */
        update: {
          [k: string]: MirrorFieldYaml;
        };
      };
  guards?: GuardsYaml;
  schedule?: ScheduleYaml;
}
/**
 * The CSV files that the rows come from.
 */
export interface SourceYaml {
  /**
   * A file, a glob, or a list of them, relative to this spec. Files that end in .gz are unpacked.
   *
   * @minItems 1
   */
  files: string | string[];
  /**
   * The one character between fields. Default: detected from the header.
   */
  delimiter?: string;
  /**
   * The one character around fields that hold a delimiter, a quote or a line end. Default: ".
   */
  quote?: string;
  /**
   * The files' encoding. Default: utf-8.
   */
  encoding?: "utf-8" | "utf-16le" | "utf-16be" | "latin1" | "windows-1252";
  /**
   * Lines that start with this text are no rows. Default: there are no comments.
   */
  comment?: string;
  /**
   * How many lines to leave out at the top of each file, before the header. Default: 0.
   */
  skipLines?: number;
  /**
   * The columns' names, for files without a header line. Default: the first record is the header.
   *
   * @minItems 1
   */
  columns?: (string | number | boolean)[];
}
/**
 * The Salesforce object, and what is done to its records.
 */
export interface TargetYaml {
  /**
   * The object's API name.
   */
  object: string;
  /**
   * What is done with the rows: insert creates, update changes by Id, upsert creates or changes by externalId, delete deletes.
   */
  operation: "insert" | "update" | "upsert" | "delete";
  /**
   * The field that tells which record a row means. Needed for upsert; for insert it prevents sending a row twice; for update and delete it stands in for the Id.
   */
  externalId?: string;
  /**
   * The Id of the assignment rule to run, for Lead and Case. Default: none.
   */
  assignmentRuleId?: string;
}
/**
 * A constant that records get when their key has left the source.
 */
export interface MirrorFieldYaml {
  /**
   * The constant; numbers and booleans are taken as they are written. "" with nulls: clear empties the field.
   */
  value: string | number | boolean;
  /**
   * What an empty value does: clear empties the field. Default: the spec's `nulls`.
   */
  nulls?: "ignore" | "clear" | "error";
}
/**
 * Limits that stop a run that would do something unusual. Guards that are not named are off, but maxFailed is 0.
 */
export interface GuardsYaml {
  /**
   * The most rows that may fail or be invalid before the run counts as failed: a number of rows, or a percentage of the source rows. Default: 0.
   */
  maxFailed?: number | string;
  /**
   * The most known records that one run may change, as a percentage. Default: off.
   */
  maxChangeRatio?: string | number;
  /**
   * The fewest rows that the source must have. Default: off.
   */
  minSourceRows?: number;
  /**
   * The most records that one run may delete; those that mirror updates count too. Default: off, and with mirror 0.
   */
  maxDeletes?: number;
  /**
   * The run is refused when a source file is older than this. Default: off.
   */
  maxAge?: string | number;
}
/**
 * When `sluice serve` runs this sync. Default: never.
 */
export interface ScheduleYaml {
  /**
   * A cron pattern: minute, hour, day of month, month, day of week; a sixth field in front counts seconds. Quote it: YAML gives * a meaning of its own.
   */
  cron: string;
  /**
   * The IANA time zone that the pattern is read in. Default: UTC.
   */
  timezone?: string;
  /**
   * What happens when a run is due while the one before still works: skip leaves it out. Default: skip.
   */
  overlap?: "skip";
  /**
   * What happens to runs missed while Sluice was down: latest makes up for the last one, none for none. Default: latest.
   */
  catchUp?: "latest" | "none";
  /**
   * Each run starts up to this much later, at random, to spread load. Default: 0s.
   */
  jitter?: string | number;
  /**
   * After this many failed runs in a row the schedule pauses. Default: never.
   */
  pauseAfterFailures?: number;
}
