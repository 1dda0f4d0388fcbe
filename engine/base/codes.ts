/** What a person should do about a code: try again, mend something, or tell us. */
export type Remedy = "retry" | "fix" | "report";

/** The frozen exit codes that an error can lead to. Signals (130, 143) and 0, 2 are the CLI's own. */
export type ErrorExit = 1 | 3 | 4 | 5 | 6 | 7 | 8;

export interface CodeEntry {
  readonly remedy: Remedy;
  readonly exit: ErrorExit;
  /** Fixed words, without a user's names, so that equal problems can be folded. */
  readonly summary: string;
  /** Why this is a problem and what usually mends it: what `sluice explain CODE` prints. */
  readonly explain: string;
}

/** Every code the engine raises. A code is never renamed or reused. */
export const CODES = {
  // --- base -------------------------------------------------------------------------------------
  INTERNAL: {
    remedy: "report",
    exit: 1,
    summary: "Unexpected failure",
    explain:
      "Something happened that Sluice did not expect. State is saved; the run can be resumed.",
  },
  DISK: {
    remedy: "fix",
    exit: 1,
    summary: "The disk refused",
    explain:
      "A file could not be written or read: the disk is full, read-only, or the folder belongs to somebody else. What was saved before is sound; the run can be resumed.",
  },
  USAGE: {
    remedy: "fix",
    exit: 3,
    summary: "Command line not understood",
    explain:
      "A flag, an argument or a combination of them does not exist. See `sluice <command> --help`.",
  },
  // --- config -----------------------------------------------------------------------------------
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
  // --- describe, check --------------------------------------------------------------------------
  DESCRIBE_NOT_FOUND: {
    remedy: "fix",
    exit: 3,
    summary: "The org has no such object",
    explain:
      "The object does not exist in the org, or the connected user may not see it: Salesforce does not tell the two apart. Custom objects end in __c.",
  },
  DESCRIBE_ANSWER: {
    remedy: "fix",
    exit: 3,
    summary: "Not a describe answer",
    explain:
      "A snapshot or an answer of the org lacks what every describe answer has. Save the snapshot again with `sluice describe <object> --save`.",
  },
  CHECK_OBJECT_OPERATION: {
    remedy: "fix",
    exit: 3,
    summary: "The object does not allow this operation",
    explain:
      "Describe says whether the connected user may create, update and delete records of an object. Without the permission every row would fail.",
  },
  CHECK_ASSIGNMENT_RULE: {
    remedy: "fix",
    exit: 3,
    summary: "Assignment rules are for leads and cases",
    explain: "Salesforce runs assignment rules for the objects Lead and Case and no others.",
  },
  CHECK_FIELD_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "The object has no such field",
    explain:
      "Salesforce fails a whole job for one unknown column. The field does not exist, is spelled otherwise, or is hidden from the connected user by field-level security.",
  },
  CHECK_FIELD_COMPOUND: {
    remedy: "fix",
    exit: 3,
    summary: "The field is written in parts",
    explain:
      "Names of people, addresses and geolocations are compound fields: they are read as a whole and written by their parts, such as FirstName and LastName.",
  },
  CHECK_FIELD_READONLY: {
    remedy: "fix",
    exit: 3,
    summary: "The field can't be written",
    explain:
      "A field must be createable for an insert, updateable for an update, and at least one of them for an upsert. Formulas, numbers given by Salesforce and audit fields are neither.",
  },
  CHECK_FIELD_REQUIRED: {
    remedy: "fix",
    exit: 3,
    summary: "A required field is not mapped",
    explain:
      "Salesforce creates no record without a value in this field. For an insert that is an error; for an upsert it fails the rows whose record is new.",
  },
  CHECK_FIELD_TWICE: {
    remedy: "fix",
    exit: 3,
    summary: "Two columns fill one field",
    explain:
      "A field takes one value. Names that differ in letter case only are the same field, and so are a reference (AccountId) and its relationship (Account.ERP_Id__c).",
  },
  CHECK_RELATIONSHIP: {
    remedy: "fix",
    exit: 3,
    summary: "The relationship column can't be used",
    explain:
      "A relationship column is a relationship's name and an external id of its parent, such as Account.ERP_Id__c. Where the parent can be of several objects, and only there, the object stands before it: User:Owner.Email.",
  },
  CHECK_DELETE_MAPPING: {
    remedy: "fix",
    exit: 3,
    summary: "A delete maps only its key",
    explain: "Deleting needs to know which records are meant and nothing else.",
  },
  CHECK_KEY_UNMAPPED: {
    remedy: "fix",
    exit: 3,
    summary: "The key has no column",
    explain:
      "The key tells which record a row means, so it must come from a source column. An upsert by Id without an Id column would insert every row.",
  },
  CHECK_KEY_UNUSABLE: {
    remedy: "fix",
    exit: 3,
    summary: "The field can't be the key",
    explain:
      "The key of an upsert is Id, a field marked External ID, or a field that Salesforce looks records up by. Encrypted fields and numbers of more than 15 digits can't tell records apart.",
  },
  CHECK_KEY_DOUBTFUL: {
    remedy: "fix",
    exit: 3,
    summary: "The key is not unique",
    explain:
      "Several records of the org can carry the same key. Salesforce refuses a row whose key fits several records.",
  },
  CHECK_CAMPAIGN_MEMBER: {
    remedy: "fix",
    exit: 3,
    summary: "A campaign member needs one person and a key of its own",
    explain:
      "A campaign member joins a campaign to exactly one of a contact and a lead. No standard field tells members apart, so an upsert needs a custom external id.",
  },
  CHECK_NULLS: {
    remedy: "fix",
    exit: 3,
    summary: "The field can't be cleared",
    explain:
      "nulls: clear writes #N/A for blank cells. Keys, relationship columns and fields that always have a value can't be cleared.",
  },
  CHECK_VALUE_TYPE: {
    remedy: "fix",
    exit: 3,
    summary: "The conversion does not fit the field's type",
    explain:
      "date, dateTime, number and boolean make values of one kind. In a field of another kind Salesforce refuses them; in a text field they are stored as text.",
  },
  CHECK_VALUE: {
    remedy: "fix",
    exit: 3,
    summary: "The field does not take this value",
    explain:
      "A value that stands in the spec is too long for the field, of another type, or not in its restricted picklist. It would fail every row that it goes into.",
  },
  CHECK_RECORD_TYPE: {
    remedy: "fix",
    exit: 3,
    summary: "The record type can't be used",
    explain:
      "recordType: true maps the DeveloperName of an active record type to its Id, in the field RecordTypeId.",
  },
  CHECK_COLUMN_MISSING: {
    remedy: "fix",
    exit: 3,
    summary: "A source file lacks a column",
    explain:
      "The mapping or an expression reads a column that is not in the header of every source file. Names must match exactly.",
  },
  // --- mapping ----------------------------------------------------------------------------------
  MAPPING_EXPRESSION: {
    remedy: "fix",
    exit: 3,
    summary: "Expression not usable",
    explain:
      'Expressions are CEL over the row\'s texts: row.column or row["any name"]. They have no clock, no randomness and a bounded cost.',
  },
  // --- source -----------------------------------------------------------------------------------
  SOURCE_NO_FILES: {
    remedy: "fix",
    exit: 3,
    summary: "No source file",
    explain:
      "A pattern under source.files matches no file. Patterns are relative to the folder of the spec; `**` crosses folders, and names that start with a dot are left out.",
  },
  SOURCE_EMPTY_FILE: {
    remedy: "fix",
    exit: 3,
    summary: "Source file without a header",
    explain:
      "The file holds no line that could be its header. An export that found nothing should still write its header; a file of zero bytes usually means that the export failed.",
  },
  SOURCE_HEADER_DUPLICATE: {
    remedy: "fix",
    exit: 3,
    summary: "Column name used twice",
    explain:
      "Two columns of a file have one name, so a mapping could not say which is meant. Rename one in the export, or name all columns under source.columns and skip the header line with source.skipLines.",
  },
  SOURCE_HEADER_SIMILAR: {
    remedy: "fix",
    exit: 3,
    summary: "Column names that look alike",
    explain:
      "Two columns differ only in letter case, spaces or invisible characters, or a name holds a character that cannot be seen (a no-break or zero-width space). A mapping must repeat the name exactly.",
  },
  SOURCE_HEADER_EMPTY: {
    remedy: "fix",
    exit: 3,
    summary: "Column without a name",
    explain:
      "A cell of the header is blank, often because every line ends with a delimiter. The column can't be mapped; the others can.",
  },
  SOURCE_HEADER_WIDE: {
    remedy: "fix",
    exit: 3,
    summary: "Too many columns",
    explain:
      "Salesforce takes at most 5,000 fields in a record, so a file may have that many columns.",
  },
  SOURCE_HEADER_BROKEN: {
    remedy: "fix",
    exit: 3,
    summary: "Header not readable",
    explain:
      "The header line breaks the rules of quoting, or is longer than a record may be: a quote is never closed, stands inside an unquoted name, or is followed by text.",
  },
  SOURCE_DELIMITER: {
    remedy: "fix",
    exit: 3,
    summary: "Delimiter or quote not usable",
    explain:
      "Delimiter and quote must each be a single ASCII character, differ from each other and be no line end. The sign of a comment has at most 200 characters.",
  },
  SOURCE_ENCODING: {
    remedy: "fix",
    exit: 3,
    summary: "Source file in another encoding",
    explain:
      "The bytes of the file are no text in the declared encoding (UTF-8 when none is declared). Name the right one under source.encoding: utf-8, utf-16le, utf-16be, latin1 or windows-1252.",
  },
  SOURCE_NOT_TEXT: {
    remedy: "fix",
    exit: 3,
    summary: "Source file is no text",
    explain:
      "The file is a workbook, an archive or another binary file. Export it as CSV; of compressed files only gzip is read.",
  },
  SOURCE_UNREADABLE: {
    remedy: "fix",
    exit: 3,
    summary: "Source file not readable",
    explain:
      "The system refused to open or read a source file: it is gone, a folder, or protected.",
  },
  SOURCE_GZIP: {
    remedy: "fix",
    exit: 3,
    summary: "Compressed source file damaged",
    explain:
      "A gzip file ends too early or its checksum does not fit its content. It was probably copied while it was being written.",
  },
  SOURCE_CHANGED: {
    remedy: "retry",
    exit: 7,
    summary: "Source file changed while it was used",
    explain:
      "A file no longer holds what was read before, so what was decided about its rows no longer holds. Nothing of the changed part was used. Run again when the file is complete.",
  },
  // --- plan -------------------------------------------------------------------------------------
  // --- run --------------------------------------------------------------------------------------
  RUN_JOB_ABORTED: {
    remedy: "fix",
    exit: 4,
    summary: "Somebody aborted a job",
    explain:
      "A job was aborted in Setup or by another program after it was closed. Rows it had processed stay; the others were not sent again in this run. The next run sends what is missing.",
  },
  RUN_JOB_FAILED: {
    remedy: "fix",
    exit: 4,
    summary: "Salesforce refused a whole job",
    explain:
      "Salesforce could not process the job's file, most often because a field is not there or not editable for the connected user. No row of it was applied.",
  },
  RUN_JOB_GONE: {
    remedy: "fix",
    exit: 7,
    summary: "A job can't be found in the org",
    explain:
      "The org does not know a job that this run closed. Salesforce keeps jobs for 7 days; before that, a missing job means another org or a deleted job. Sluice does not guess: it stops.",
  },
  RUN_IN_FLIGHT: {
    remedy: "retry",
    exit: 7,
    summary: "The run is not finished",
    explain:
      "Some jobs are still at work, or could not be reached. Nothing is lost: `sluice resume` goes on where this run stopped.",
  },
  RUN_SOURCE_CHANGED: {
    remedy: "retry",
    exit: 7,
    summary: "The source changed while the run was reading it",
    explain:
      "What was planned can't be read any more. Chunks that were complete are finished; the rest is left to the next run, whose delta picks it up.",
  },
  RUN_OPEN_REFUSED: {
    remedy: "fix",
    exit: 1,
    summary: "Salesforce would not take a job",
    explain:
      "The org refused to open a job, or its upload, three times. The reason it gave is shown.",
  },
  RUN_ROWS_FAILED: {
    remedy: "fix",
    exit: 4,
    summary: "More rows than allowed did not arrive",
    explain:
      "maxFailed (0 unless the spec says otherwise) is judged over failed, invalid, unprocessed, unknown and, where duplicates are rejected, duplicate rows. All other rows were sent.",
  },
  RUN_INVALID_STOP: {
    remedy: "fix",
    exit: 4,
    summary: "Invalid rows stop this sync",
    explain: "The spec says onInvalid: stop, and the source has invalid rows. Nothing was sent.",
  },
  ORG_CHANGED: {
    remedy: "fix",
    exit: 7,
    summary: "The org is not the one the run began in",
    explain:
      "A run is finished only in its own org: in another one its jobs are unknown, and its rows would arrive a second time somewhere else.",
  },
  RUN_INTERRUPTED: {
    remedy: "retry",
    exit: 7,
    summary: "The run was interrupted",
    explain:
      "The run stopped at its next checkpoint, as asked. Everything is saved; `sluice resume` goes on.",
  },
  RUN_GUARD: {
    remedy: "fix",
    exit: 6,
    summary: "A guard stopped this sync",
    explain:
      "A guard of the spec was not met, so nothing was sent. Look at the plan; if the change is meant, raise the guard or override it once.",
  },
  RUN_PROTECTED: {
    remedy: "fix",
    exit: 6,
    summary: "The org is protected",
    explain: "Writing to an org marked `protected: true` needs --approve or a saved plan.",
  },
  PLAN_STALE: {
    remedy: "fix",
    exit: 6,
    summary: "The saved plan is stale",
    explain:
      "Something that the plan was made from has moved since: the spec, a source file, the object's describe, the state, or the org. Applying it would do something that nobody has looked at, so nothing was sent. Make a new plan.",
  },
  PLAN_FILE: {
    remedy: "fix",
    exit: 3,
    summary: "No usable plan file",
    explain:
      "The file is no saved plan, was edited since it was saved, or comes from another version of Sluice. Make one with `sluice plan --out plan.json`.",
  },
  RUN_DEPENDENCY: {
    remedy: "fix",
    exit: 4,
    summary: "A sync was skipped",
    explain: "A sync that this one depends on did not succeed, so its parents may be missing.",
  },
  // --- salesforce -------------------------------------------------------------------------------
  AUTH_REFUSED: {
    remedy: "fix",
    exit: 5,
    summary: "The org refused the login",
    explain:
      "The token endpoint refused the credentials of this org. The message holds what Salesforce said; the login history in Setup often says more.",
  },
  AUTH_WRONG_DOMAIN: {
    remedy: "fix",
    exit: 5,
    summary: "This login must use the My Domain URL",
    explain:
      "The client credentials flow works only at the org's own domain, not at login.salesforce.com or test.salesforce.com. Set instanceUrl to the My Domain URL, such as https://acme.my.salesforce.com.",
  },
  AUTH_APP_SETUP: {
    remedy: "fix",
    exit: 5,
    summary: "The app in Salesforce is not set up for this login",
    explain:
      "The connected app or external client app exists but does not allow this flow yet: the flow is switched off, no Run As user is set, or the app is blocked.",
  },
  AUTH_CLIENT_UNKNOWN: {
    remedy: "fix",
    exit: 5,
    summary: "The client id or secret is wrong",
    explain:
      "Salesforce knows no app with this consumer key, or the secret does not belong to it. A new app takes up to ten minutes to become known.",
  },
  AUTH_NOT_APPROVED: {
    remedy: "fix",
    exit: 5,
    summary: "The user is not approved for the app",
    explain:
      "The app admits approved users only. Give the user a profile or permission set that is assigned to the app, or let users authorise themselves once.",
  },
  AUTH_AUDIENCE: {
    remedy: "fix",
    exit: 5,
    summary: "The JWT's audience is wrong",
    explain:
      "The audience is https://login.salesforce.com for production and https://test.salesforce.com for sandboxes. Set auth.audience when it can't be told from the URL.",
  },
  AUTH_KEY: {
    remedy: "fix",
    exit: 5,
    summary: "The private key does not work",
    explain:
      "The JWT flow signs with an RSA private key in PEM form that belongs to the certificate uploaded to the app.",
  },
  AUTH_EXPIRED: {
    remedy: "fix",
    exit: 5,
    summary: "The login has expired",
    explain:
      "The access token or refresh token is no longer valid, and Sluice can't renew it by itself. Log in again and store the new token.",
  },
  AUTH_CLI: {
    remedy: "fix",
    exit: 5,
    summary: "The Salesforce CLI gave no login",
    explain:
      "The sfCli flow asks the Salesforce CLI (sf) for its login. The CLI must be installed, on the PATH, and logged in to the org that auth.username names.",
  },
  AUTH_INSECURE: {
    remedy: "fix",
    exit: 5,
    summary: "A token would travel in the clear",
    explain:
      "Sluice sends tokens over https only. Plain http is accepted for the machine itself (localhost) and nothing else.",
  },
  SF_FORBIDDEN: {
    remedy: "fix",
    exit: 5,
    summary: "The user may not do this",
    explain:
      "Salesforce knows the user but lacks the permission for this request: API Enabled, access to the object, or View Setup and Configuration for limits.",
  },
  SF_API_LIMIT: {
    remedy: "retry",
    exit: 7,
    summary: "The org's API quota is used up",
    explain:
      "Salesforce counts API requests and bulk batches over the last 24 hours, so they become free again bit by bit. The run is saved and can be resumed.",
  },
  SF_UNREACHABLE: {
    remedy: "retry",
    exit: 1,
    summary: "The org can't be reached",
    explain:
      "No connection was made, so nothing was sent. Check the URL, the network, the proxy and the certificates.",
  },
  SF_NO_ANSWER: {
    remedy: "retry",
    exit: 7,
    summary: "The request got no answer",
    explain:
      "The connection broke or ran into a time limit after the request was sent. Salesforce may or may not have acted on it; the saved state decides what happens next.",
  },
  SF_UNAVAILABLE: {
    remedy: "retry",
    exit: 7,
    summary: "Salesforce is not available at the moment",
    explain:
      "Salesforce answered with a status that means busy or under maintenance (420, 429, 5xx) until the retries were used up.",
  },
  SF_REFUSED: {
    remedy: "fix",
    exit: 1,
    summary: "Salesforce refused the request",
    explain: "Salesforce answered with an error. The message holds its code and its words.",
  },
  SF_NOT_FOUND: {
    remedy: "fix",
    exit: 1,
    summary: "Salesforce has no such thing",
    explain:
      "The job or resource does not exist or is gone. Salesforce keeps jobs and their results for 7 days.",
  },
  SF_REDIRECTED: {
    remedy: "fix",
    exit: 1,
    summary: "The org's URL redirects elsewhere",
    explain:
      "Redirects are not followed: they turn a create into a read, and would carry the token to another host. Set instanceUrl to the address that the org really has.",
  },
  SF_FILE: {
    remedy: "fix",
    exit: 7,
    summary: "A file of the transfer can't be read or written",
    explain:
      "The disk refused to hold a result set or to give the rows of an upload. What the org did is not lost: after mending the disk, resume.",
  },
  SF_ANSWER: {
    remedy: "report",
    exit: 1,
    summary: "The answer is not what Salesforce answers",
    explain:
      "Something answered in a form that the Salesforce API never uses: a proxy, a login page, or a changed API.",
  },
  // --- state ------------------------------------------------------------------------------------
  LOCKED: {
    remedy: "retry",
    exit: 8,
    summary: "Another run of this sync is at work",
    explain:
      "One run per sync at a time: two could send a row twice. Wait for the other, or end it; its lease is taken over as soon as its process is gone.",
  },
  LEASE_LOST: {
    remedy: "retry",
    exit: 8,
    summary: "Another process took over this run",
    explain:
      "This process was silent for so long that another took its lease. It stopped before its next effect; the other goes on.",
  },
  STATE_UNUSABLE: {
    remedy: "fix",
    exit: 1,
    summary: "The state folder can't be used",
    explain:
      "Sluice keeps its memory in the state folder and does nothing that it could not remember.",
  },
  STATE_CORRUPT: {
    remedy: "fix",
    exit: 1,
    summary: "The state file is damaged",
    explain:
      "Without a sound state Sluice can't tell which rows were sent. Restore the state folder from a backup, or move it away and begin anew: upsert, update and delete are then sent once more.",
  },
  STATE_NEWER: {
    remedy: "fix",
    exit: 1,
    summary: "The state was written by a newer Sluice",
    explain: "An older program could misread it. Use the newer version.",
  },
  RUN_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "No such run",
    explain: "The state folder knows no run of that name. `sluice runs` lists those it knows.",
  },
  // --- schedule ---------------------------------------------------------------------------------
  SCHEDULE_NONE: {
    remedy: "fix",
    exit: 3,
    summary: "No sync has a schedule",
    explain:
      "`sluice serve` runs the syncs whose spec has a `schedule`; without one it would wait for nothing.",
  },
  LOCAL_ORG: {
    remedy: "fix",
    exit: 3,
    summary: "The local org can't start",
    explain:
      "The local org reads its fields from emulator/*.yaml and its first records from emulator/seed/*.csv, and listens on a port. One of them is not as it should be.",
  },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;
