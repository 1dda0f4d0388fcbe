import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import type { StageThread } from "../../engine/sync/stage-beside.ts";
import type { Work } from "../chaos/works.ts";
import type { Effect } from "../run/fake-org.ts";
import { asIs, type FlowPlace, inProcess, openPlace, prepared } from "../run/flow-process.ts";
import { killAtNamed } from "../run/troubles.ts";

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

const SCRIPT = pathToFileURL(path.resolve(import.meta.dirname, "../../dist/cli/stage-worker.js"));

async function placeWith(thread: StageThread | null): Promise<FlowPlace> {
  return Object.assign(await openPlace(template), thread === null ? {} : { thread });
}

describe.each([
  ["this thread", null],
  ["a thread of its own", { script: SCRIPT, fromBytes: 0 }],
] as const)("staged in %s", (_where, thread) => {
  const open = () => placeWith(thread);

  test("a source that stays: every row arrives", async () => {
    const place = await open();
    try {
      const [report] = await inProcess(place, asIs, ["run"]);
      expect(report).toMatchObject({ ended: true, error: null, counts: { succeeded: 12 } });
      expect(report?.jobs).toHaveLength(3);
      expect(await heldBy(place)).toEqual(KEYS.map((key) => `${key},The second`).sort());
    } finally {
      await place.close();
    }
  });

  test("interrupted between two chunks: what was begun is finished, resume does the rest", async () => {
    const place = await open();
    try {
      const stop = new AbortController();
      place.signal = stop.signal;
      const reason = new EngineError("RUN_INTERRUPTED", "Stopped, as asked.");
      const [report] = await inProcess(
        place,
        at("uploadRows", () => stop.abort(reason)),
        ["run"],
      );
      expect(report).toMatchObject({ ended: false, error: { code: "RUN_INTERRUPTED" } });
      delete place.signal;
      const [resumed] = await inProcess(place, asIs, ["resume"]);
      expect(resumed).toMatchObject({ ended: true, error: null, counts: { succeeded: 12 } });
      expect(await heldBy(place)).toEqual(KEYS.map((key) => `${key},The second`).sort());
    } finally {
      await place.close();
    }
  });

  test.each(MOVES)(
    "a source that %s between plan and staging: nothing of it is sent, exit 7",
    async (_n, act) => {
      const place = await open();
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
      const place = await open();
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
});

test("a thread that can't start: nothing is sent, and the run can be resumed", async () => {
  const script = new URL("nowhere.js", SCRIPT);
  const place = await placeWith({ script, fromBytes: 0 });
  try {
    const [report] = await inProcess(place, asIs, ["run"]);
    expect(report).toMatchObject({ error: { message: expect.stringMatching(/nowhere/) } });
    expect(await heldBy(place)).toEqual(KEYS.map((key) => `${key},The first`).sort());
    delete place.thread;
    const [again] = await inProcess(place, asIs, ["run"]);
    expect(again).toMatchObject({ ended: true, error: null });
    expect(await heldBy(place)).toEqual(KEYS.map((key) => `${key},The second`).sort());
  } finally {
    await place.close();
  }
});
