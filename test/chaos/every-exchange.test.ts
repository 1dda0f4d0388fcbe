import { expect, test } from "vitest";
import { OPERATIONS } from "./scenario.ts";
import { allPoints, calmRun, killedAt, sweep } from "./sweep.ts";

test.each(OPERATIONS)(
  "%s: killed before and after every exchange with the org",
  async (operation) => {
    const { counts, exchanges } = await calmRun(operation);
    expect(exchanges).toBeGreaterThan(30);
    const points = allPoints("exchange", exchanges);
    console.log(`${operation}: ${points.length} points`);
    expect(await sweep(points, (point) => killedAt(operation, [point], counts))).toEqual([]);
  },
);
