import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Twelve columns as they are. */
export const PLAIN = {
  ERP_Id__c: "customer_no",
  FirstName: "first_name",
  LastName: "last_name",
  Email: "email",
  Phone: "phone",
  MailingStreet: "street",
  MailingCity: "city",
  MailingPostalCode: "zip",
  MailingCountry: "country",
  Birthdate: "born",
  Score__c: "score",
  Description: "note",
};

/** The same twelve fields, six of them transformed. */
const TRANSFORMED = {
  ...PLAIN,
  LastName: "{ from: last_name, transform: [trim] }",
  Email: "{ from: email, transform: [trim, lower] }",
  Phone: "{ from: phone, transform: [collapseSpaces] }",
  MailingCountry:
    "{ from: country, values: { Germany: DE, Austria: AT, Switzerland: CH, United Kingdom: GB }, default: US }",
  Birthdate: "{ from: born_de, date: dd.MM.yyyy }",
  Score__c: "{ from: score_de, number: de }",
};

const SHAPE = `objects:
  Contact:
    fields:
      ERP_Id__c: { type: string, length: 20, externalId: true, unique: true }
      Score__c: { type: double, precision: 10, scale: 2 }
`;

/** A project with two syncs, `plain` and `transformed`, that read rows.csv of the folder. */
export function makeProject(folder, url) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  write(
    "sync.config.yaml",
    `version: 1
defaultOrg: sink
orgs:
  sink:
    instanceUrl: ${url}
    auth: { flow: accessToken, accessToken: "\${env:BENCH_TOKEN}" }
state: { path: .sluice }
syncs: ["*.sync.yaml"]
`,
  );
  write("plain.sync.yaml", spec("plain", PLAIN));
  write("transformed.sync.yaml", spec("transformed", TRANSFORMED));
}

/** The folder that the local org is started in: it knows two custom fields. */
export function makeOrg(folder) {
  mkdirSync(path.join(folder, "emulator"), { recursive: true });
  writeFileSync(path.join(folder, "emulator", "shape.yaml"), SHAPE);
}

function spec(name, mapping) {
  const lines = Object.entries(mapping).map(([field, from]) => `  ${field}: ${from}`);
  return `sync: ${name}
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping:
${lines.join("\n")}
results: failures
`;
}
