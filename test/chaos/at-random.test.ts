import { expect, test } from "vitest";
import { OPERATIONS, type Operation } from "./scenario.ts";
import { type CalmRun, calmRun, killedAt, type Point, sweep } from "./sweep.ts";

/** CHAOS_SEED repeats a run, CHAOS_COUNT_RANDOM makes it longer. */
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const COUNT = Number(process.env.CHAOS_COUNT_RANDOM ?? 60);

test("killed at random, up to four times in one run", async () => {
  console.log(`CHAOS_SEED=${SEED}`);
  const random = mulberry(SEED);
  const calm = new Map<Operation, CalmRun>();
  for (const operation of OPERATIONS) calm.set(operation, await calmRun(operation));
  const trials = Array.from({ length: COUNT }, () => {
    const operation = OPERATIONS[Math.floor(random() * OPERATIONS.length)] ?? "insert";
    const run = calm.get(operation);
    const kills = 1 + Math.floor(random() * 4);
    const points = Array.from({ length: kills }, (_, i) => pointAt(random, run, i > 0));
    return { operation, points, counts: run?.counts };
  });
  const wrong = await sweep(trials, ({ operation, points, counts }) =>
    killedAt(operation, points, counts),
  );
  expect(wrong, `CHAOS_SEED=${SEED}`).toEqual([]);
});

test("insert: killed twice, at pairs of exchanges", async () => {
  const { counts, exchanges } = await calmRun("insert");
  const pairs: Point[][] = [];
  for (let first = 4; first <= exchanges; first += 3) {
    for (const second of [2, 5, 9]) {
      pairs.push([
        { kind: "exchange", exchange: first, when: "after" },
        { kind: "exchange", exchange: second, when: second % 2 === 0 ? "before" : "after" },
      ]);
    }
  }
  expect(await sweep(pairs, (points) => killedAt("insert", points, counts))).toEqual([]);
});

/** A resume makes fewer exchanges and writes than the whole run: later points come sooner. */
function pointAt(random: () => number, run: CalmRun | undefined, isResume: boolean): Point {
  const when = random() < 0.5 ? "before" : "after";
  const share = isResume ? 0.4 : 1;
  const upTo = (count = 1) => 1 + Math.floor(random() * count * share);
  const kind = (["exchange", "state", "file"] as const)[Math.floor(random() * 3)] ?? "state";
  if (kind === "exchange") return { kind, exchange: upTo(run?.exchanges), when };
  return { kind, write: upTo(kind === "state" ? run?.stateWrites : run?.fileWrites), when };
}

/** A small generator whose runs can be repeated by their seed (mulberry32, public domain). */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
