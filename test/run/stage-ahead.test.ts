import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startDeltaPass } from "../../engine/delta/delta-pass.ts";
import { mappedRows } from "../../engine/delta/mapped-rows.ts";
import { compileProgram } from "../../engine/mapping/compile-program.ts";
import { cutChunks } from "../../engine/plan/chunk-cuts.ts";
import { type RunFolder, runFolder } from "../../engine/run/run-folder.ts";
import { newStagedAhead, stageKept } from "../../engine/run/stage-ahead.ts";
import { type StagedChunk, stageChunks } from "../../engine/run/stage-chunks.ts";
import { DigestRecorder } from "../../engine/source/block-digests.ts";
import { readRows } from "../../engine/source/read-rows.ts";
import { PARENTS, specOf, THING } from "../mapping/spec-of.ts";
import { open, sourceSpec, tempFolder } from "../source/temp-source.ts";
import { planOf, stateFolder } from "./hand-run.ts";

interface Row {
  readonly key: number;
  readonly text: string;
  /** What the mapping makes of it. */
  readonly is: "mapped" | "filtered" | "invalid" | "torn";
}

interface Case {
  readonly files: readonly (readonly Row[])[];
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly blockBytes: number;
  readonly duplicates: "reject" | "first" | "last";
}

test("chunks staged ahead are those of pass 2, byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(cases(fc.nat()), async (given) => {
      const { ahead, after, kept } = await bothWays(distinct(given));
      expect(ahead).toEqual(after);
      expect(kept).toBe(after.chunks.length);
    }),
    { numRuns: 60 },
  );
});

test("with duplicates, chunks before the first are kept, the others come from pass 2", async () => {
  await fc.assert(
    fc.asyncProperty(cases(fc.nat({ max: 30 })), async (given) => {
      const { ahead, after } = await bothWays(given);
      expect(ahead).toEqual(after);
    }),
    { numRuns: 60 },
  );
});

test("what is discarded leaves nothing", async () => {
  const folder = runFolder(stateFolder(), 3);
  const { ahead } = await readAhead(FIVE, folder);
  expect(readdirSync(folder.folder)).not.toEqual([]);
  await ahead.discard();
  expect(readdirSync(folder.folder)).toEqual([]);
  expect(await ahead.keep(new Uint8Array(5), [])).toEqual([]);
});

test("chunks are staged ahead only in the room given for it: twice the rows' bytes", async () => {
  const bytes = 5 * Buffer.byteLength("k1,x,1.5\n");
  for (const [roomBytes, kept] of [
    [2 * bytes + 1, 3],
    [2 * bytes, 0],
  ] as const) {
    const folder = runFolder(stateFolder(), 3);
    const { ahead, decisions, chunks } = await readAhead(FIVE, folder, roomBytes);
    expect(await ahead.keep(decisions, chunks)).toHaveLength(kept);
    if (kept === 0) expect(readdirSync(folder.folder)).toEqual([]);
  }
});

const EVERY = () => true;
const FIVE: Case = {
  files: [[1, 2, 3, 4, 5].map((key) => ({ key, text: "x", is: "mapped" }))],
  ...{ rowsMax: 2, bytesMax: 1000, blockBytes: 10, duplicates: "reject" },
};

test("a run that stops leaves no chunk that is not published", async () => {
  const folder = runFolder(stateFolder(), 3);
  const { ahead, decisions, chunks } = await readAhead(FIVE, folder);
  const kept = await ahead.keep(decisions, chunks);
  const none = async function* () {};
  for await (const chunk of stageKept(kept, folder, none)(EVERY)) {
    expect(chunk.index).toBe(0);
    break;
  }
  expect(readdirSync(folder.folder).sort()).toEqual(
    ["csv", "prints", "rows"].map((kind) => `chunk-0000.${kind}`),
  );
});

test("a process that goes on with the run removes what a dead one did not publish", async () => {
  const place = stateFolder();
  await readAhead(FIVE, runFolder(place, 3));
  runFolder(place, 3).removeUnfinished();
  expect(readdirSync(place)).toHaveLength(9);
  runFolder(place, 4).removeUnfinished();
  expect(readdirSync(place)).toEqual([]);
});

function cases(key: fc.Arbitrary<number>): fc.Arbitrary<Case> {
  const row = fc.record({
    key,
    text: fc.string({ unit: fc.constantFrom("a", "ü", '"', ",", "\n"), maxLength: 12 }),
    is: fc.constantFrom(
      ...(["mapped", "mapped", "mapped", "filtered", "invalid", "torn"] as const),
    ),
  });
  return fc.record({
    files: fc.array(fc.array(row, { maxLength: 40 }), { minLength: 1, maxLength: 3 }),
    rowsMax: fc.integer({ min: 1, max: 30 }),
    bytesMax: fc.integer({ min: 60, max: 400 }),
    blockBytes: fc.integer({ min: 10, max: 500 }),
    duplicates: fc.constantFrom("reject", "first", "last"),
  });
}

function distinct(given: Case): Case {
  let key = 0;
  return {
    ...given,
    files: given.files.map((rows) => rows.map((row) => ({ ...row, key: key++ }))),
  };
}

function textOf(rows: readonly Row[]): string {
  const lines = rows.map(({ key, text, is }) => {
    const keep = is === "filtered" ? "no" : "yes";
    const amount = is === "invalid" ? "much" : "1.5";
    const cells = [`k${key}`, `"${text.replaceAll('"', '""')}"`, keep, amount];
    return `${(is === "torn" ? cells.slice(1) : cells).join(",")}\n`;
  });
  return `key,text,keep,amount\n${lines.join("")}`;
}

/** Pass 1, as the flow does it, with blocks of a few rows. */
async function readAhead(given: Case, folder: RunFolder, roomBytes = 1e9) {
  const source = tempFolder();
  given.files.forEach((rows, i) => {
    writeFileSync(path.join(source, `${i}.csv`), textOf(rows));
  });
  const { files } = await open(sourceSpec(source, { delimiter: "," }));
  const fields = { Key__c: "key", Text__c: "text", Amount__c: "amount" };
  const spec = specOf(fields, { where: 'row.keep == "yes"' });
  const program = compileProgram({ spec, shape: THING, parents: PARENTS });
  const { columns } = program;
  const chunkMax = { bytes: given.bytesMax, rows: given.rowsMax };
  const headerBytes = columns.join(",").length + 1;
  const ahead = newStagedAhead({ folder, columns, digested: columns, chunkMax, roomBytes });
  const pass = startDeltaPass({
    ...{ operation: "upsert", duplicates: given.duplicates, columns, keyed: true, full: false },
    ...{ clearDigests: program.clearDigests, resendUnknown: false, segments: [] },
    spillFolder: source,
  });
  const recorders = files.map(() => new DigestRecorder());
  const rowBytes: number[] = [];
  const rows = mappedRows({
    ...{ files, program, ids: null, rowBytesMax: given.bytesMax - headerBytes },
    readFile: (file) =>
      readRows(file, { blockBytes: given.blockBytes, record: recorders[file.index] }),
  });
  for await (const { block, mapped } of rows) {
    pass.add(mapped);
    for (let row = 0; row < mapped.rowCount; row++) {
      rowBytes.push((mapped.rowStart[row + 1] ?? 0) - (mapped.rowStart[row] ?? 0));
    }
    await ahead.add(block, mapped);
  }
  const decisions = pass.finish().byRow;
  pass.close();
  const chunks = cutChunks({
    ...{ decisions, rowBytes: [Uint32Array.from(rowBytes)], headerBytes },
    ...{ bytesMax: given.bytesMax, rowsMax: given.rowsMax },
  });
  const hand = planOf({ operation: "upsert", columns, rows: [], chunkRows: 1 });
  const plan = {
    ...{ ...hand, plan: { ...hand.plan, chunks }, chunkMax, files },
    digests: recorders.map((recorder) => recorder.digests()),
  };
  return { ahead, plan, program, decisions, chunks };
}

async function bothWays(given: Case) {
  const first = runFolder(path.join(stateFolder(), "run"), 3);
  const second = runFolder(path.join(stateFolder(), "run"), 3);
  const { ahead, plan, program, decisions, chunks } = await readAhead(given, first);
  const passTwo = (folder: RunFolder) => (wanted: (index: number) => boolean) =>
    stageChunks({
      ...{ plan, folder, program, decisions, ids: null, wanted },
      signal: new AbortController().signal,
    });
  const kept = await ahead.keep(decisions, chunks);
  const stage = stageKept(kept, first, passTwo(first));
  return {
    ahead: await filesOf(first, stage(EVERY)),
    after: await filesOf(second, passTwo(second)(EVERY)),
    kept: kept.length,
  };
}

async function filesOf(folder: RunFolder, staging: AsyncGenerator<StagedChunk>) {
  const chunks: StagedChunk[] = [];
  for await (const chunk of staging) chunks.push(chunk);
  const names = existsSync(folder.folder) ? readdirSync(folder.folder).sort() : [];
  const files = names.map((name) => [name, readFileSync(path.join(folder.folder, name), "hex")]);
  return { chunks, files };
}
