import { randomInt } from "node:crypto";
import type { Values, WriterContext } from "../dml/writer.ts";
import { idFromName, makeId } from "../ids.ts";
import { fieldOf, type ObjectShape } from "../shape/object-shape.ts";
import type { OrgShape } from "../shape/org-shape.ts";
import type { Database, SqlValue } from "./database.ts";
import { fitTables } from "./record-tables.ts";
import { createTables, makeNumberSource, readMeta, remember, writeMeta } from "./schema.ts";
import { seedRecords, storeSeed } from "./seed.ts";

/** The run-as user has the same Id in every local org, so that seeds and specs may name it. */
export const RUN_AS_USER_ID = idFromName("005", "integration");

/**
 * Makes the folder's database an org, once: tables, an Id, the run-as user, seeds. Later starts
 * only
 * fit the tables to a changed shape. A seed that fails leaves no half org behind.
 */
export function createOrg(
  db: Database,
  shape: OrgShape,
  seedDir: string | null,
): { readonly orgId: string; readonly userId: string } {
  createTables(db);
  fitTables(db, shape);
  const orgId = remember(db, "orgId", () => makeId("00D", randomInt(2 ** 31)));
  const context: WriterContext = {
    db,
    org: shape,
    userId: RUN_AS_USER_ID,
    numbers: makeNumberSource(db, 1),
  };
  db.transaction(() => {
    storeRecordTypes(context);
    if (readMeta(db, "created") !== undefined) return;
    store(context, "Organization", { Id: orgId, ...ORGANIZATION });
    store(context, "User", { Id: RUN_AS_USER_ID, ...RUN_AS_USER });
    if (seedDir !== null) seedRecords(context, seedDir);
    writeMeta(db, "created", "yes");
  });
  return { orgId, userId: RUN_AS_USER_ID };
}

const ORGANIZATION = {
  Name: "Sluice Local Org",
  IsSandbox: 0,
  OrganizationType: "Developer Edition",
  InstanceName: "LOCAL",
} as const;

const RUN_AS_USER = {
  Username: "integration@sluice.local",
  FirstName: "Integration",
  LastName: "User",
  Email: "integration@example.com",
  Alias: "integ",
  IsActive: 1,
  TimeZoneSidKey: "UTC",
  LocaleSidKey: "en_US",
  LanguageLocaleKey: "en_US",
  UserType: "Standard",
} as const;

/** Record types are set-up, so they follow the shape at every start. */
function storeRecordTypes(context: WriterContext): void {
  context.db.run('DELETE FROM "r_RecordType"');
  for (const shape of context.org.objects) {
    for (const type of shape.recordTypes) {
      store(context, "RecordType", {
        Id: type.id,
        Name: type.name,
        DeveloperName: type.developerName,
        SobjectType: shape.name,
        IsActive: 1,
      });
    }
  }
}

function store(
  context: WriterContext,
  objectName: string,
  record: Readonly<Record<string, SqlValue>>,
): void {
  const shape = context.org.find(objectName);
  if (shape === undefined) return;
  storeSeed(context, shape, valuesOf(shape, record));
}

function valuesOf(shape: ObjectShape, record: Readonly<Record<string, SqlValue>>): Values {
  const values: Values = new Map();
  for (const [name, value] of Object.entries(record)) {
    const field = fieldOf(shape, name);
    if (field) values.set(field, value);
  }
  return values;
}
