import { expect, test } from "vitest";
import { chooseMerge } from "../../engine/delta/choose-merge.ts";

/** Sizes, oldest first, each a family of its own unless they stand together in a list. */
function choose(...sizes: readonly (number | readonly number[])[]) {
  return chooseMerge(
    sizes.flatMap((size, family) =>
      [size].flat().map((rows) => ({ rows, family: String(family) })),
    ),
  );
}

const FEW = [1, 1, 1, 1, 1, 1, 1, 1] as const;

test.each([
  { of: "eight", sizes: [...FEW], merged: null },
  { of: "nine alike", sizes: [...FEW, 1], merged: { from: 0, to: 9 } },
  { of: "a large base", sizes: [2_000_000, ...FEW], merged: { from: 1, to: 9 } },
  { of: "a large base in four pieces", sizes: [[9, 9, 9, 9], ...FEW], merged: { from: 4, to: 12 } },
  { of: "many chunks of one run", sizes: [[...FEW, ...FEW]], merged: null },
  {
    of: "ever smaller ones: at least so many that few are left",
    sizes: [39366, 13122, 4374, 1458, 486, 162, 54, 18, 6],
    merged: { from: 7, to: 9 },
  },
])("$of", ({ sizes, merged }) => {
  expect(choose(...sizes)).toEqual(merged);
});
