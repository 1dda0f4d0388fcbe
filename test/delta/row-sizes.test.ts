import { readdirSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { newRowSizes } from "../../engine/delta/row-sizes.ts";
import type { MappedBlock } from "../../engine/mapping/row-program.ts";
import { tempFolder } from "../source/temp-source.ts";

test("sizes come back in order, however few are kept in memory, and leave nothing", () => {
  const folder = tempFolder();
  const blocks = fc.array(fc.array(fc.nat({ max: 100_000 }), { maxLength: 30 }), { maxLength: 6 });
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 40 }), (sizes, pageRows) => {
      const kept = newRowSizes(folder, pageRows);
      for (const block of sizes) kept.add(blockOf(block));
      expect(kept.count).toBe(sizes.flat().length);
      const read: number[] = [];
      for (const page of kept.pages()) read.push(...page);
      expect(read).toEqual(sizes.flat());
      kept.close();
      expect(readdirSync(folder)).toEqual([]);
    }),
  );
});

/** A block whose output does not begin at 0. */
function blockOf(sizes: readonly number[]): MappedBlock {
  const rowStart = new Int32Array(sizes.length + 1).fill(7);
  for (let i = 0; i < sizes.length; i++) rowStart[i + 1] = (rowStart[i] ?? 0) + (sizes[i] ?? 0);
  return {
    ...{ rowCount: sizes.length, rowStart, status: new Uint8Array(0), problems: new Map() },
    ...{ bytes: new Uint8Array(0), keyDigest: new Uint32Array(0), rowDigest: new Uint32Array(0) },
    ...{ fieldDigest: new Uint16Array(0), cleared: new Uint32Array(0), literalNulls: 0 },
  };
}
