import { expect, test } from "vitest";
import { mulberry, SEED } from "./seeded.ts";
import { allPoints, calmRun, killedAt, type Point, sweep } from "./sweep.ts";
import { chosen, OPERATIONS, type Operation } from "./works.ts";

const MINUTES: readonly Operation[] = ["insert"];
const isAll = process.env.CHAOS === "all";

/** The second process dies at its n-th exchange, or at its n-th write: soon, while it recovers. */
test.each(chosen(isAll ? OPERATIONS : MINUTES))(
  "%s: killed at an exchange, and its resume too",
  async (operation) => {
    console.log(`CHAOS_SEED=${SEED}`);
    const random = mulberry(SEED);
    const { counts, exchanges } = await calmRun(operation);
    const firsts = allPoints("exchange", exchanges).slice(4);
    const pairs = firsts
      .filter((_, i) => isAll || i % 4 === SEED % 4)
      .map((first): Point[] => [first, soon(random)]);
    const wrong = await sweep(`${operation}, twice`, pairs, (points) =>
      killedAt(operation, points, counts),
    );
    expect(wrong, `CHAOS_SEED=${SEED}`).toEqual([]);
  },
);

function soon(random: () => number): Point {
  const when = random() < 0.5 ? "before" : "after";
  const nth = 1 + Math.floor(random() * 14);
  if (random() < 0.5) return { kind: "exchange", exchange: nth, when };
  return { kind: "file", write: nth * 3, when };
}
