import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadProject } from "../../engine/config/load-project.ts";
import { renderDiagnostics } from "../../engine/report/render-diagnostics.ts";
import { goodSpec } from "./cases/bad-case.ts";
import { projectFolder } from "./project-folder.ts";

const secret = "hunter2hunter2";
const config = `version: 1
defaultOrg: prod
orgs:
  prod:
    instanceUrl: https://acme.my.salesforce.com
    auth:
      flow: clientCredentials
      clientId: id
      clientSecret: ${secret}
  other: { instanceUrl: https://acme.my.salesforce.com, auth: { flow: accessToken, accessToken: ${secret} } }
syncs: [specs/*.sync.yaml]
`;
const spec = `${goodSpec}  Email: { from: email, transform: [trim, lower], nulls: clear }
  Seen__c: { from: seen, dateTime: "dd.MM.yyyy HH:mm", zone: Europe/Berlin }
  Active__c: { from: a, boolean: { true: [yes], false: [no] } }
chunk: { maxBytes: 100MB }
guards: { maxFailed: 1%, maxAge: 1d }
schedule: { cron: "0 6 * * *", jitter: 30s }
`;

/** A slip of the hand: something typed over a few characters, or a line moved elsewhere. */
interface Slip {
  readonly at: number;
  readonly removed: number;
  readonly typed: string;
}

const signs = [
  "",
  " ",
  "\n",
  "\t",
  ":",
  ": ",
  "-",
  "- ",
  "{",
  "}",
  "[",
  "]",
  ",",
  '"',
  "'",
  "&",
  "*",
  "!",
];
const more = [
  "#",
  "|",
  ">",
  "%",
  "@",
  "?",
  "~",
  "null",
  "1",
  "a",
  "é",
  "${",
  "${env:X}",
  "---\n",
  "\u0000",
  "<<: ",
  "\r",
];
const slips = fc.array(
  fc.record({
    at: fc.nat(10_000),
    removed: fc.nat(12),
    typed: fc.constantFrom(...signs, ...more),
  }),
  { minLength: 1, maxLength: 4 },
);

function damage(text: string, hits: readonly Slip[]): string {
  return hits.reduce((before, { at, removed, typed }) => {
    const from = at % (before.length + 1);
    return before.slice(0, from) + typed + before.slice(from + removed);
  }, text);
}

// To look further: RUNS=10000 SEED=2.
test("no damage makes loading throw, and every problem has a place that exists", async () => {
  const folder = projectFolder({ "sync.config.yaml": config, "specs/contacts.sync.yaml": spec });
  const load = () => loadProject({ cwd: folder, configPath: null, env: {}, statePath: null });
  await fc.assert(
    fc.asyncProperty(slips, fc.boolean(), async (hits, isConfig) => {
      const damaged = isConfig ? damage(config, hits) : config;
      writeFileSync(path.join(folder, "sync.config.yaml"), damaged);
      writeFileSync(
        path.join(folder, "specs/contacts.sync.yaml"),
        isConfig ? spec : damage(spec, hits),
      );
      const { diagnostics } = await load();
      const readSource = (file: string) => readFileSync(path.join(folder, file), "utf8");
      for (const { file, line, column, detail } of diagnostics) {
        if (file === null) continue;
        const lines = readSource(file).split(/\r\n|\n/);
        expect(line ?? 1).toBeLessThanOrEqual(lines.length);
        expect(column ?? 1).toBeLessThanOrEqual((lines[(line ?? 1) - 1]?.length ?? 0) + 1);
        expect(detail).not.toMatch(/must NOT|must match|must have|schema|undefined|\[object/);
      }
      // A secret that the damage left whole is nowhere in what is printed.
      const text = renderDiagnostics(diagnostics, { color: false, readSource });
      expect(text).not.toContain(secret);
    }),
    { numRuns: Number(process.env.RUNS ?? 300), seed: Number(process.env.SEED ?? 1) },
  );
});
