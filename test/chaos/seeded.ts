import type { CalmRun, Point } from "./sweep.ts";

/** CHAOS_SEED repeats a sweep. */
export const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A small generator whose numbers can be repeated by their seed (mulberry32, public domain). */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some point of a run. A resume makes fewer exchanges and writes than the whole run: its points come
 *  sooner. */
export function pointAt(random: () => number, run: CalmRun, isResume: boolean): Point {
  const when = random() < 0.5 ? "before" : "after";
  const share = isResume ? 0.4 : 1;
  const upTo = (count: number) => 1 + Math.floor(random() * count * share);
  const kind = (["exchange", "state", "file"] as const)[Math.floor(random() * 3)] ?? "state";
  if (kind === "exchange") return { kind, exchange: upTo(run.exchanges), when };
  return { kind, write: upTo(kind === "state" ? run.stateWrites : run.fileWrites), when };
}
