import type { EngineError } from "../../engine/base/engine-error.ts";
import type { Effect } from "./fake-org.ts";

/** What goes wrong with one effect: the n-th of a name, from 1. `before`: it did not happen; `after`:
 *  it happened, and the answer was lost. */
export interface Trouble {
  readonly on: string;
  readonly nth?: number;
  readonly times?: number;
  readonly when: "before" | "after";
  readonly error: () => EngineError;
}

export function troubled(troubles: readonly Trouble[]): { effect: Effect; names: string[] } {
  const counts = new Map<string, number>();
  const names: string[] = [];
  const effect: Effect = async (name, act) => {
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    names.push(name);
    const trouble = troubles.find(
      ({ on, nth = 1, times = 1 }) => on === name && n >= nth && n < nth + times,
    );
    if (trouble?.when === "before") throw trouble.error();
    const result = await act();
    if (trouble !== undefined) throw trouble.error();
    return result;
  };
  return { effect, names };
}

/** Ends the process at the n-th effect of that name. */
export function killAtNamed(name: string, nth: number, when: "before" | "after") {
  let dead = false;
  let die = () => {};
  const death = new Promise<"killed">((resolve) => {
    die = () => {
      dead = true;
      resolve("killed");
    };
  });
  let count = 0;
  const never = () => new Promise<never>(() => {});
  const effect: Effect = async (own, act) => {
    if (dead) return never();
    if (own === name) count++;
    const isHere = own === name && count === nth;
    if (isHere && when === "before") {
      die();
      return never();
    }
    const result = await act();
    if (isHere) die();
    return dead ? never() : result;
  };
  return { effect, death };
}
