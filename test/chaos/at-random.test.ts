import { expect, test } from "vitest";
import { mulberry, pointAt, SEED } from "./seeded.ts";
import { type CalmRun, calmRun, killedAt, sweep } from "./sweep.ts";
import { chosen, OPERATIONS } from "./works.ts";

const COUNT = Number(process.env.CHAOS_COUNT_RANDOM ?? (process.env.CHAOS === "all" ? 350 : 70));

test("killed at random, up to four times in one run", async () => {
  console.log(`CHAOS_SEED=${SEED}`);
  const random = mulberry(SEED);
  const calm: [(typeof OPERATIONS)[number], CalmRun][] = [];
  for (const operation of chosen(OPERATIONS)) calm.push([operation, await calmRun(operation)]);
  const trials = Array.from({ length: COUNT }, (_, i) => {
    const [operation, run] = calm[i % calm.length] as (typeof calm)[number];
    const kills = 1 + Math.floor(random() * 4);
    const points = Array.from({ length: kills }, (_, nth) => pointAt(random, run, nth > 0));
    return { operation, points, counts: run.counts };
  });
  const kills = trials.reduce((sum, { points }) => sum + points.length, 0);
  const title = `${calm.map(([name]) => name).join(", ")}, at random, ${kills} kills`;
  const wrong = await sweep(title, trials, ({ operation, points, counts }) =>
    killedAt(operation, points, counts),
  );
  expect(wrong, `CHAOS_SEED=${SEED}`).toEqual([]);
});
