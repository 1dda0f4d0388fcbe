import { mirrorVerb } from "./mirror-work.ts";
import type { SourceFacts, SyncPlan } from "./sync-plan.ts";

/** What of a saved plan has moved, in words for its reader; empty when it may be applied. Compared with
 *  a plan that was made anew, so that nothing is believed twice. */
export function whatMoved(saved: SyncPlan, now: SyncPlan): string[] {
  const moved = inputsMoved(saved, now);
  moved.push(...sourcesMoved(saved.sources, now.sources));
  if (moved.length > 0) return moved;
  // With all its inputs the same, only the org can have made a difference: its records' Ids.
  if (saved.inputs.rows !== now.inputs.rows)
    moved.push("the rows to send: the org's records moved");
  if (saved.inputs.mirror !== now.inputs.mirror) {
    const does = now.mirror === null ? "delete" : mirrorVerb(now.mirror);
    moved.push(`the records that mirror ${does}s`);
  }
  if (moved.length === 0 && saved.planHash !== now.planHash) moved.push("the plan itself");
  return moved;
}

/** What can be told before the source is read. */
export function inputsMoved(
  saved: SyncPlan,
  now: Pick<SyncPlan, "org" | "object"> & {
    readonly inputs: Pick<SyncPlan["inputs"], "config" | "describe" | "serial">;
  },
): string[] {
  const moved: string[] = [];
  if (saved.org.orgId !== now.org.orgId) {
    moved.push(`the org: "${now.org.name}" was ${saved.org.orgId} and is ${now.org.orgId}`);
  }
  if (saved.inputs.config !== now.inputs.config) {
    moved.push(`the configuration: ${saved.spec} or the org's settings`);
  }
  if (saved.inputs.describe !== now.inputs.describe) {
    moved.push(`the describe of ${now.object}`);
  }
  if (saved.org.orgId === now.org.orgId && saved.inputs.serial !== now.inputs.serial) {
    moved.push(
      `the state: rows were sent since (serial ${saved.inputs.serial}, now ${now.inputs.serial})`,
    );
  }
  return moved;
}

/** What can be told without a look at the org. */
export function sourcesMoved(saved: readonly SourceFacts[], now: readonly SourceFacts[]): string[] {
  const before = new Map(saved.map((source) => [source.file, source]));
  const moved: string[] = [];
  for (const source of now) {
    const was = before.get(source.file);
    before.delete(source.file);
    if (was === undefined) moved.push(`the source: ${source.file} is new`);
    else if (was.digest !== source.digest) {
      const rows = was.rows === source.rows ? "" : ` (${was.rows} rows, now ${source.rows})`;
      moved.push(`the source: ${source.file} changed${rows}`);
    }
  }
  for (const file of before.keys()) moved.push(`the source: ${file} is gone`);
  return moved;
}
