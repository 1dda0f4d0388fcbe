import { expect, test } from "vitest";
import { allPoints, calmRun, killedAt, sweep } from "./sweep.ts";
import { chosen, OPERATIONS, type Operation } from "./works.ts";

const MINUTES: readonly Operation[] = ["insert", "upsert"];
const operations = process.env.CHAOS === "all" ? OPERATIONS : MINUTES;

test.each(chosen(operations))("%s: killed before and after every exchange", async (operation) => {
  const { counts, exchanges } = await calmRun(operation);
  expect(exchanges).toBeGreaterThan(30);
  const points = allPoints("exchange", exchanges);
  const wrong = await sweep(`${operation}, every exchange`, points, (point) =>
    killedAt(operation, [point], counts),
  );
  expect(wrong).toEqual([]);
});
