import type { RunRow } from "../state/state-store.ts";

/** Commands whose runs send what an earlier run decided. */
const SECOND_HALVES: ReadonlySet<string> = new Set(["retry", "mirror"]);

/** Whether the run decided anew about every row of the source. A run that a guard or an invalid row
 *  refused sent nothing: what it read must not become what others are compared with. */
export function decidedAnew({ command, ended, state, error }: RunRow): boolean {
  if (SECOND_HALVES.has(command) || !ended) return false;
  return state !== "blocked" && error?.code !== "RUN_INVALID_STOP";
}
