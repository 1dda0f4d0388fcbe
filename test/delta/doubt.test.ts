import path from "node:path";
import { expect, test } from "vitest";
import {
  DECIDED_CHANGED,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  DECIDED_UNKNOWN,
} from "../../engine/delta/decision.ts";
import { startDeltaPass } from "../../engine/delta/delta-pass.ts";
import { emptyFingerprints, FLAG_DOUBT } from "../../engine/delta/fingerprints.ts";
import { openSegment } from "../../engine/delta/segment-file.ts";
import { writeSegment } from "../../engine/delta/segment-writer.ts";
import { ROW_MAPPED } from "../../engine/mapping/row-program.ts";
import { stateFolder } from "../run/hand-run.ts";
import { keyWords, mappedBlock, rowWords } from "./mapped-block.ts";

const [A, B] = [[1], [2]];
const KEY = 7;

/** What is decided for a row of this content when the state knows these, oldest first. */
function decide(
  content: readonly number[],
  known: readonly (readonly [readonly number[], number])[],
  options: { readonly operation?: "insert" | "upsert"; readonly resendUnknown?: boolean } = {},
): number | undefined {
  const folder = stateFolder();
  const segments = known.map(([fields, flags], i) => {
    const prints = emptyFingerprints(1, ["A"]);
    prints.keys.set(keyWords(KEY));
    prints.rows.set(rowWords(fields));
    prints.flags[0] = flags;
    writeSegment(path.join(folder, `${i}.seg`), prints);
    return openSegment(path.join(folder, `${i}.seg`));
  });
  const pass = startDeltaPass({
    operation: options.operation ?? "upsert",
    duplicates: "reject",
    columns: ["A"],
    clearDigests: new Uint16Array(1),
    keyed: true,
    full: false,
    resendUnknown: options.resendUnknown ?? false,
    segments,
    spillFolder: folder,
  });
  pass.add(mappedBlock([{ status: ROW_MAPPED, key: KEY, fields: content }], 1));
  const decisions = pass.finish();
  pass.close();
  for (const segment of segments) segment.close();
  return decisions.byRow[0];
}

test("A arrived, B is of unknown fate, and the source says A again: it is sent", () => {
  expect(decide(A, [[A, 0]])).toBe(DECIDED_UNCHANGED);
  expect(
    decide(A, [
      [A, 0],
      [B, FLAG_DOUBT],
    ]),
  ).toBe(DECIDED_CHANGED);
});

test("A arrived, B failed, and the source says A again: nothing is sent", () => {
  // A failed row adds no fingerprint: what was known before still holds.
  expect(decide(A, [[A, 0]])).toBe(DECIDED_UNCHANGED);
});

test("once it is acknowledged, the doubt is over", () => {
  expect(
    decide(A, [
      [B, FLAG_DOUBT],
      [A, 0],
    ]),
  ).toBe(DECIDED_UNCHANGED);
});

test("an insert of unknown fate is not sent again, whatever its content, until somebody says so", () => {
  const insert = { operation: "insert" } as const;
  expect(decide(A, [[A, FLAG_DOUBT]], insert)).toBe(DECIDED_UNKNOWN);
  expect(decide(B, [[A, FLAG_DOUBT]], insert)).toBe(DECIDED_UNKNOWN);
  expect(decide(A, [[A, FLAG_DOUBT]], { ...insert, resendUnknown: true })).toBe(DECIDED_NEW);
});
