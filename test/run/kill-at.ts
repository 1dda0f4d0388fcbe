import type { Effect } from "./fake-org.ts";

/** Counts effects and ends the process at one of them: from then on nothing answers any more, as to a
 *  process that is gone. */
export function killAt(at: number, when: "before" | "after") {
  let count = 0;
  let dead = false;
  let die = () => {};
  const death = new Promise<"killed">((resolve) => {
    die = () => {
      dead = true;
      resolve("killed");
    };
  });
  const never = () => new Promise<never>(() => {});
  const names: string[] = [];
  const effect: Effect = async (name, act) => {
    if (dead) return never();
    const n = ++count;
    names.push(name);
    if (n === at && when === "before") {
      die();
      return never();
    }
    const result = await act();
    if (n === at) die();
    return dead ? never() : result;
  };
  return { effect, death, names, count: () => count };
}
