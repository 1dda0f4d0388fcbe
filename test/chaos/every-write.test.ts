import { expect, test } from "vitest";
import { allPoints, calmRun, killedAt, sweep } from "./sweep.ts";
import { chosen, OPERATIONS, type Operation } from "./works.ts";

const MINUTES: readonly Operation[] = ["insert", "upsert"];
const isAll = process.env.CHAOS === "all";

/** In minutes, transactions of the state; else files that get their name among them. */
test.each(chosen(isAll ? OPERATIONS : MINUTES))(
  "%s: killed before and after every write",
  async (operation) => {
    const { counts, stateWrites, fileWrites } = await calmRun(operation);
    expect(stateWrites).toBeGreaterThan(30);
    expect(fileWrites).toBeGreaterThan(stateWrites);
    const points = isAll ? allPoints("file", fileWrites) : allPoints("state", stateWrites);
    const title = `${operation}, every ${isAll ? "write to the disk" : "transaction of the state"}`;
    const wrong = await sweep(title, points, (point) => killedAt(operation, [point], counts));
    expect(wrong).toEqual([]);
  },
);
