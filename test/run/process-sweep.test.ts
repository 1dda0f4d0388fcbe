import { expect, test } from "vitest";
import { calmCounts, killedAt, type Point, sweep } from "../chaos/sweep.ts";
import { OPERATIONS, type Operation } from "../chaos/works.ts";

/** A part of `npm run test:chaos`, so that every change meets real processes that die: where the org
 *  and the state can disagree most. A whole run has some 45 exchanges and 85 writes of the state. */
const POINTS: Readonly<Record<Operation, readonly Point[]>> = {
  insert: [
    { kind: "exchange", exchange: 9, when: "after" },
    { kind: "state", write: 30, when: "after" },
  ],
  repeat: [{ kind: "exchange", exchange: 9, when: "after" }],
  update: [{ kind: "exchange", exchange: 25, when: "after" }],
  upsert: [
    { kind: "exchange", exchange: 18, when: "before" },
    { kind: "state", write: 55, when: "before" },
  ],
  delete: [{ kind: "exchange", exchange: 14, when: "after" }],
  updateByKey: [{ kind: "state", write: 20, when: "after" }],
  mirror: [{ kind: "exchange", exchange: 22, when: "after" }],
  retry: [{ kind: "state", write: 25, when: "before" }],
};

/** Those that a few minutes have room for; `npm run test:chaos` does all. */
const HERE =
  process.env.CHAOS === undefined ? (["insert", "upsert", "mirror"] as const) : OPERATIONS;

test.each(HERE)("%s: a process that is killed loses and doubles nothing", async (operation) => {
  const counts = await calmCounts(operation);
  const points = POINTS[operation];
  expect(await sweep(operation, points, (point) => killedAt(operation, [point], counts))).toEqual(
    [],
  );
});
