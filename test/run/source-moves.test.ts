import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Work } from "../chaos/works.ts";
import type { Effect } from "./fake-org.ts";
import { asIs, type FlowPlace, inProcess, openPlace, prepared } from "./flow-process.ts";
import { killAtNamed } from "./troubles.ts";

const KEYS = Array.from({ length: 12 }, (_, i) => `C-${i}`);

const SPEC = `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping: { ERP_Id__c: key, LastName: name }
chunk: { maxRows: 5 }
parallelJobs: 1
`;

/** Twelve records that are there already, and a source in which each has another name: a run that
 *  plans in one pass and stages three chunks in another. */
const WORK: Work = {
  async prepare(folder, _org, sluice) {
    writeFileSync(path.join(folder, "contacts.sync.yaml"), SPEC);
    writeFileSync(path.join(folder, "rows.csv"), rows("first"));
    await sluice("run");
    writeFileSync(path.join(folder, "rows.csv"), rows("second"));
  },
  faults: [],
  begin: () => ["run"],
  inTwoRuns: false,
  applied: KEYS,
  left: null,
};

function rows(name: string): string {
  return `key,name\n${KEYS.map((key) => `${key},The ${name}\n`).join("")}`;
}

let template = "";

beforeAll(async () => {
  template = (await prepared(WORK)).folder;
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

const MOVES: readonly (readonly [string, (file: string) => void])[] = [
  ["vanishes", (file) => rmSync(file)],
  ["changes", (file) => writeFileSync(file, rows("third"))],
  ["is cut off", (file) => writeFileSync(file, rows("second").slice(0, 60))],
];

/** Does something at the first effect of that name, once it has happened. */
function at(name: string, act: () => void): Effect {
  let isDone = false;
  return async (own, effect) => {
    const result = await effect();
    if (own === name && !isDone) {
      isDone = true;
      act();
    }
    return result;
  };
}

async function heldBy(place: FlowPlace): Promise<string[]> {
  const records = await place.org.query("SELECT ERP_Id__c, LastName FROM Contact");
  return records.map((one) => `${one.ERP_Id__c},${one.LastName}`).sort();
}

async function nextRunBringsAll(place: FlowPlace, name: string): Promise<void> {
  writeFileSync(path.join(place.folder, "rows.csv"), rows(name));
  const [report] = await inProcess(place, asIs, ["run"]);
  expect(report).toMatchObject({ ended: true, error: null });
  expect(await heldBy(place)).toEqual(KEYS.map((key) => `${key},The ${name}`).sort());
}

test.each(MOVES)(
  "a source that %s between plan and staging: nothing of it is sent, exit 7",
  async (_n, act) => {
    const place = await openPlace(template);
    try {
      const effect = at("createRun", () => act(path.join(place.folder, "rows.csv")));
      const [report] = await inProcess(place, effect, ["run"]);
      expect(report).toMatchObject({ ended: true, counts: { source: 12, sent: 0, pending: 12 } });
      expect(report?.error).toMatchObject({
        exitCode: 7,
        message: expect.stringMatching(/rows\.csv/),
      });
      expect(await heldBy(place)).toEqual(KEYS.map((key) => `${key},The first`).sort());
      await nextRunBringsAll(place, "third");
    } finally {
      await place.close();
    }
  },
);

test.each(MOVES)(
  "a source that %s before a killed run is resumed: what was sent is finished",
  async (_n, act) => {
    const place = await openPlace(template);
    try {
      const kill = killAtNamed("uploadRows", 1, "after");
      await Promise.race([inProcess(place, kill.effect, ["run"]), kill.death]);
      act(path.join(place.folder, "rows.csv"));
      const [report] = await inProcess(place, asIs, ["resume"]);
      expect(report).toMatchObject({ ended: true, state: "partial" });
      expect(report?.error).toMatchObject({ exitCode: 7 });
      expect(report?.counts).toMatchObject({ source: 12, inFlight: 0, unknown: 0, failed: 0 });
      const held = await heldBy(place);
      const second = held.filter((text) => text.endsWith("second"));
      expect(second).toHaveLength(report?.counts?.succeeded ?? -1);
      expect(held.filter((text) => text.endsWith("third"))).toEqual([]);
      await nextRunBringsAll(place, "fourth");
    } finally {
      await place.close();
    }
  },
);
