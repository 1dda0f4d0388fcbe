import { type BadCase, field, setting } from "./bad-case.ts";

/** Settings that are well formed but contradict each other or mean nothing. */
export const ruleCases: readonly BadCase[] = [
  setting("unit-size", "chunk: { maxBytes: 100M }"),
  setting("unit-size-words", "chunk: { maxBytes: plenty }"),
  setting("unit-size-too-large", "chunk: { maxBytes: 100MiB }"),
  setting("unit-size-too-small", "chunk: { maxBytes: 10B }"),
  setting("unit-ratio", "guards: { maxChangeRatio: 0.5 }"),
  setting("unit-ratio-over", "guards: { maxChangeRatio: 150% }"),
  setting("unit-max-failed", "guards: { maxFailed: few }"),
  setting("unit-duration", "pollTimeout: 90"),
  setting("unit-duration-words", "pollTimeout: an hour"),
  setting("unit-duration-order", "pollTimeout: 30m1h"),
  setting("unit-duration-long", "pollTimeout: 30d"),
  setting("unit-age", "guards: { maxAge: yesterday }"),
  setting("cron-range", 'schedule: { cron: "61 * * * *" }'),
  setting("cron-fields", 'schedule: { cron: "6 *" }'),
  setting("cron-zone", 'schedule: { cron: "0 6 * * *", timezone: Berlin }'),
  setting("cron-zone-offset", 'schedule: { cron: "0 6 * * *", timezone: "+01:00" }'),
  setting("cron-zone-near", 'schedule: { cron: "0 6 * * *", timezone: Europe/Berln }'),
  setting(
    "schedule-others",
    'schedule: { cron: "0 6 * * *", overlap: queue, catchUp: all, jitter: 30, pauseAfterFailures: 0 }',
  ),
  field("date-two-digit-year", "Birthdate: { from: born, date: dd.MM.yy }"),
  field("date-other-library", "Birthdate: { from: born, date: DD.MM.YYYY }"),
  field("date-minutes-for-months", "Birthdate: { from: born, date: dd.mm.yyyy }"),
  field("date-no-day", "Birthdate: { from: born, date: MM/yyyy }"),
  field("date-unknown-token", "Birthdate: { from: born, date: jj.MM.yyyy }"),
  field("date-literal-t", 'Seen__c: { from: seen, dateTime: "yyyy-MM-ddTHH:mm", zone: UTC }'),
  field("date-twelve-hours", 'Seen__c: { from: seen, dateTime: "dd.MM.yyyy hh:mm", zone: UTC }'),
  field("date-mixed-hours", 'Seen__c: { from: seen, dateTime: "dd.MM.yyyy HH:mm a", zone: UTC }'),
  field("date-day-of-year-and-day", "Birthdate: { from: born, date: yyyy-ooo-dd }"),
  field("zone-missing", 'Seen__c: { from: seen, dateTime: "dd.MM.yyyy HH:mm" }'),
  field(
    "zone-with-offset",
    'Seen__c: { from: seen, dateTime: "yyyy-MM-dd HH:mm ZZ", zone: Europe/Berlin }',
  ),
  field("zone-with-date", "Birthdate: { from: born, date: iso, zone: Europe/Berlin }"),
  field("zone-alone", "Birthdate: { from: born, zone: Europe/Berlin }"),
  field("zone-unknown", "Seen__c: { from: seen, dateTime: iso, zone: CEST }"),
  field("number-locale", "Score__c: { from: score, number: '1.234,5' }"),
  field("mapping-from-and-value", "LastName: { from: last_name, value: Miller }"),
  field("mapping-from-and-expr", "LastName: { from: last_name, expr: row.a }"),
  field("mapping-no-origin", "LastName: { transform: [trim] }"),
  field("mapping-constant-changed", "LastName: { value: Web, transform: [trim], default: x }"),
  field("mapping-two-conversions", "Score__c: { from: score, date: iso, number: de }"),
  field("mapping-record-type", "LastName: { from: type, recordType: true }"),
  field(
    "mapping-boolean-word-twice",
    "Active__c: { from: a, boolean: { true: [ja, 1], false: [nein, 1] } }",
  ),
  field("mapping-field-twice", "lastname: a\n  LastName: b"),
  { name: "key-field-missing", change: ["  externalId: ERP_Id__c\n", ""] },
  { name: "key-field-not-mapped", change: ["  ERP_Id__c: customer_no\n", ""] },
  { name: "key-field-misspelt", change: ["externalId: ERP_Id__c", "externalId: ERPId__c"] },
  { name: "key-field-constant", change: ["ERP_Id__c: customer_no", "ERP_Id__c: { value: 1 }"] },
  {
    name: "key-field-cleared",
    change: ["ERP_Id__c: customer_no", "ERP_Id__c: { from: customer_no, nulls: clear }"],
  },
  field("relationship-cleared", "Account.ERP_Id__c: { from: account_no, nulls: clear }"),
  {
    name: "insert-without-key",
    change: ["  operation: upsert\n  externalId: ERP_Id__c\n", "  operation: insert\n"],
  },
  { name: "delete-maps-more", change: ["operation: upsert", "operation: delete"] },
  setting("repeat-upsert", "repeat: true"),
  {
    name: "mirror-of-a-delete",
    spec: "sync: gone\nsource: { files: gone.csv }\ntarget: { object: Contact, operation: delete }\nmapping: { Id: id }\nmirror: { update: { Title: { value: left } } }\n",
  },
  {
    name: "mirror-updates-an-insert",
    spec: "sync: new\nsource: { files: new.csv }\ntarget: { object: Contact, operation: insert, externalId: Key__c }\nmapping: { Key__c: key }\nmirror: { update: { Title: { value: left } } }\n",
  },
  setting("mirror-key", "mirror: { update: { erp_id__c: { value: none }, Id: { value: none } } }"),
  setting(
    "mirror-blank",
    'mirror: { update: { Phone: { value: "" }, Title: { value: "#N/A", nulls: error }, Fax: { value: "", nulls: clear } } }',
  ),
  setting("mirror-field-twice", "mirror: { update: { Title: { value: a }, title: { value: b } } }"),
  {
    name: "rule-on-contact",
    change: ["  object: Contact", "  object: Contact\n  assignmentRuleId: 01Q5e000000abcdEAA"],
  },
  {
    name: "everything-at-once",
    spec: `sync: contacts
org: prd
source: { files: contacts.csv, encoding: utf8 }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping:
  ERP_Id: customer_no
  Email: { from: email, transfrom: [trim] }
  Birthdate: { from: born, date: dd.MM.yy }
chunk: { maxBytes: 1TB }
guards: { maxFailed: lots }
dependsOn: [acounts]
`,
  },
];
