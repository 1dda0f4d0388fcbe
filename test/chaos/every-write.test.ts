import { expect, test } from "vitest";
import { OPERATIONS } from "./scenario.ts";
import { allPoints, calmRun, killedAt, sweep } from "./sweep.ts";

test.each(OPERATIONS)("%s: killed before and after every write of the state", async (operation) => {
  const { counts, stateWrites } = await calmRun(operation);
  expect(stateWrites).toBeGreaterThan(40);
  const points = allPoints("state", stateWrites);
  console.log(`${operation}: ${points.length} points`);
  expect(await sweep(points, (point) => killedAt(operation, [point], counts))).toEqual([]);
});

test("insert: killed before and after every file that is synced or renamed", async () => {
  const { counts, fileWrites } = await calmRun("insert");
  expect(fileWrites).toBeGreaterThan(100);
  const points = allPoints("file", fileWrites);
  console.log(`insert: ${points.length} points`);
  expect(await sweep(points, (point) => killedAt("insert", [point], counts))).toEqual([]);
});
