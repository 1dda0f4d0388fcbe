import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileDigest } from "../../engine/base/file-digest.ts";
import { groupRowsFor } from "../../engine/delta/segment-layout.ts";
import { readPrints } from "../../engine/run/chunk-prints.ts";
import { newChunkWriter } from "../../engine/run/chunk-writer.ts";
import { readOrigins } from "../../engine/run/row-origins.ts";
import { runFolder } from "../../engine/run/run-folder.ts";
import { stateFolder } from "./hand-run.ts";

test("what is written row by row is read as whole columns, however many groups it takes", async () => {
  const widths = fc.constantFrom(1, 3, 400);
  const groups = fc.constantFrom(0, 1, 2);
  const beyond = fc.constantFrom(-1, 0, 1);
  await fc.assert(
    fc.asyncProperty(widths, groups, beyond, async (width, whole, more) => {
      const columns = Array.from({ length: width }, (_, i) => `C${i}`);
      const rows = Math.min(60_000, Math.max(1, groupRowsFor(width) * whole + more));
      const folder = runFolder(stateFolder());
      const header = new TextEncoder().encode("Key__c\n");
      const writer = newChunkWriter({ folder, index: 0, header, columns });
      const print = {
        key: new Uint32Array(4),
        row: new Uint32Array(2),
        fields: new Uint16Array(width),
      };
      for (let row = 0; row < rows; row++) {
        print.key.fill(row + 1);
        print.row.fill(row + 2);
        print.fields.fill(row + 3);
        writer.addStaged(csvOf(row), new Uint32Array([0, row, 0, 0, 0, csvOf(row).length]), print);
      }
      const facts = await writer.finish();

      expect(facts.rows).toBe(rows);
      expect(facts.digest).toBe(fileDigest(folder.chunkCsv(0)));
      expect(readFileSync(folder.chunkCsv(0)).length).toBe(facts.bytes);
      const read = readPrints(folder.chunkPrints(0), rows, columns);
      const origins = readOrigins(folder.chunkOrigins(0), header.length, rows);
      for (const row of [0, Math.floor(rows / 2), rows - 1]) {
        expect([...read.keys.subarray(row * 4, row * 4 + 4)]).toEqual(Array(4).fill(row + 1));
        expect([...read.rows.subarray(row * 2, row * 2 + 2)]).toEqual(Array(2).fill(row + 2));
        expect(read.fields[row * width]).toBe((row + 3) % 65_536);
        expect(read.fields[(row + 1) * width - 1]).toBe((row + 3) % 65_536);
        expect(origins.at(row).line).toBe(row);
      }
    }),
    { numRuns: 12 },
  );
});

function csvOf(row: number): Uint8Array {
  return new TextEncoder().encode(`${row}\n`);
}
