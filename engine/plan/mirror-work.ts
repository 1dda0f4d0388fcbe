import type { MirrorPlan } from "./sync-plan.ts";

/** Records that mirror would delete or update. */
export function mirrorWork(mirror: MirrorPlan | null): number {
  return mirror === null ? 0 : mirror.deletes + mirror.updates;
}

/** What mirror does with them: it updates where it names fields. */
export function mirrorVerb(mirror: Pick<MirrorPlan, "fields">): "delete" | "update" {
  return mirror.fields.length === 0 ? "delete" : "update";
}
