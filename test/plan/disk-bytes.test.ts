import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { freeBytes } from "../../engine/base/free-bytes.ts";
import { diskBytes, stagedBytes } from "../../engine/plan/disk-bytes.ts";
import { type LocalProject, localProject } from "./local-project.ts";

const CHUNK = { rows: 1_000, bytes: 80_000 };
const WORK = {
  sourceRows: 5_000,
  chunks: [CHUNK],
  mirrorChunks: [],
  columns: 10,
  results: "failures",
  lookedUp: false,
} as const;
/** CSV, then 24 bytes and a fingerprint of 25 + 2 a column for each row, in three files. */
const STAGED = 80_000 + 1_000 * (24 + 25 + 20) + 3 * 4_096;
/** The same rows with each cell quoted, and two more cells. */
const RESULTS = 80_000 + 1_000 * (29 + 20) + 4_096;

test.each<[string, Partial<Parameters<typeof diskBytes>[0]>, number]>([
  ["nothing to send: nothing is kept", { chunks: [] }, 0],
  ["one chunk, and a byte for each row's decision", {}, STAGED + 5_000],
  ["two chunks", { chunks: [CHUNK, CHUNK] }, 2 * STAGED + 5_000],
  ["more columns, wider fingerprints", { columns: 20 }, STAGED + 20_000 + 5_000],
  ["results: full", { results: "full" }, STAGED + RESULTS + 5_000],
  ["Ids that were looked up", { lookedUp: true }, STAGED + 5_000 * 65],
  ["mirror", { mirrorChunks: [CHUNK] }, 2 * STAGED + 52_000 + 5_000],
  ["mirror alone", { chunks: [], mirrorChunks: [CHUNK] }, STAGED + 52_000 + 5_000],
])("%s", (_name, change, bytes) => {
  expect(diskBytes({ ...WORK, ...change })).toBe(bytes);
});

test("what is staged already is part of it", () => {
  expect(stagedBytes(CHUNK, 10)).toBe(STAGED);
});

test("free bytes are those of the nearest folder that is there", () => {
  const here = freeBytes(import.meta.dirname);
  expect(here).toBeGreaterThan(0);
  expect(freeBytes(path.join(import.meta.dirname, "not", "there"))).not.toBeNull();
});

const ROWS = 4_000;

function project(spec = ""): Promise<LocalProject> {
  const rows = Array.from({ length: ROWS }, (_, i) => `k${i},a name that is not short ${i},${i}`);
  return localProject({
    files: {
      "contacts.sync.yaml": `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Score__c: score }
chunk: { maxRows: 1500 }
${spec}`,
      "contacts.csv": `key,name,score\n${rows.join("\n")}\n`,
    },
  });
}

test.each(["results: failures", "results: full"])(
  "%s: what a run takes is about what its plan says, and not more",
  async (spec) => {
    const own = await project(spec);
    const { diskBytes: told } = (await own.plan()).data.syncs[0];
    const [run] = (await own.run()).data.runs;
    expect(run).toMatchObject({ state: "succeeded", counts: { succeeded: ROWS } });
    const folder = path.join(own.folder, ".sluice", "runs", run.runId);
    const sizes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).size);
    const taken = sizes.reduce((sum, size) => sum + size, 0);
    expect(taken).toBeLessThanOrEqual(told);
    // Less what is held for the ends of its files, which small chunks have many of.
    const files = sizes.length - 1;
    expect(Math.abs(told - files * 4_096 - taken) / taken).toBeLessThan(0.02);
  },
);

test("too little room: a plan warns; run and apply are refused before anything is sent", async () => {
  const own = await project();
  const { diskBytes: told } = (await own.plan([], { out: "plan.json" })).data.syncs[0];
  own.useFreeBytes(told - 1);
  const warned = await own.plan();
  expect(warned.exitCode).toBe(0);
  expect(warned.data.syncs[0].warnings).toEqual([
    expect.stringMatching(/^A run needs about \d+ kB in \/.*\.sluice, where \d+ kB are free\.$/),
  ]);
  const state = path.join(own.folder, ".sluice");
  // Room for the results and the decisions is needed still when the chunks are staged.
  own.useFreeBytes(1_000);
  const applied = await own.apply("plan.json");
  expect(applied).toMatchObject({ exitCode: 1, error: { code: "RUN_NO_ROOM" } });
  expect(applied.data.runs[0]).toMatchObject({ state: "blocked", jobs: [], counts: { sent: 0 } });
  expect(applied.error?.message).toContain(`kB in ${state}, where`);
  // Room enough to stage ahead, and then none.
  own.useFreeBytes(1e12, 0);
  const refused = await own.run();
  expect(refused).toMatchObject({ exitCode: 1, error: { code: "RUN_NO_ROOM" } });
  // What was staged in the same pass as the plan is removed.
  for (const run of readdirSync(path.join(state, "runs"))) {
    expect(readdirSync(path.join(state, "runs", run)).filter((name) => /chunk/.test(name))).toEqual(
      [],
    );
  }
  // How much is free is no part of the plan: with room again it is applied as it was saved.
  own.useFreeBytes(told);
  const done = await own.apply("plan.json");
  expect(done.data.runs[0]).toMatchObject({ state: "succeeded", counts: { succeeded: ROWS } });
});

test("chunks that are staged already need no more room; nothing to send needs none", async () => {
  const own = await project();
  const { diskBytes: told } = (await own.plan()).data.syncs[0];
  // A first run has staged all its chunks when it is judged: only the results are still to come.
  own.useFreeBytes(1e12, Math.round(told / 2));
  expect((await own.run()).data.runs[0]).toMatchObject({ state: "succeeded" });
  own.useFreeBytes(0);
  expect((await own.run()).data.runs[0]).toMatchObject({ state: "nothingToDo", error: null });
});
