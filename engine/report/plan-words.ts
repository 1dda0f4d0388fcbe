import { mirrorVerb, mirrorWork } from "../plan/mirror-work.ts";
import type { GuardVerdict, OrgView, SyncPlan } from "../plan/sync-plan.ts";
import { bytesText, countText, guardText, plural } from "./number-text.ts";

/** The words that text, markdown and HTML share, so that they say the same. */

export function targetWords(plan: SyncPlan): string {
  const by = plan.externalId === null ? "" : ` by ${plan.externalId}`;
  return `${plan.operation} ${plan.object}${by}`;
}

export function guardWords({ name, value, limit, detail }: GuardVerdict): string {
  const numbers = `${name} ${guardText(name, value)} (limit ${guardText(name, limit)})`;
  return detail === null ? numbers : `${numbers}, ${detail}`;
}

/** What the org has left is always judged, and told only where it is not enough. */
export function guardsToShow({ guards }: SyncPlan): GuardVerdict[] {
  return guards.filter(({ name, ok }) => !ok || (name !== "apiCalls" && name !== "bulkBatches"));
}

/** What the org holds, where it was asked. */
export function orgWords(view: OrgView, operation: SyncPlan["operation"]): string {
  if (operation === "delete") {
    return `${countText(view.update)} to delete, ${countText(view.same)} already gone`;
  }
  const parts = [
    `${countText(view.create)} to create`,
    `${countText(view.update)} to update`,
    `${countText(view.same)} already so`,
  ];
  return parts.join(", ");
}

/** Null when the org is as this sync left it. */
export function driftWords(view: OrgView, operation: SyncPlan["operation"]): string | null {
  if (view.drifted + view.gone === 0) return null;
  if (operation === "delete") {
    const records = plural(view.drifted, "deleted record");
    return `${records} there again; a run leaves them so, --full deletes them again`;
  }
  const parts: string[] = [];
  if (view.drifted > 0) {
    const fields = Object.entries(view.fields).map(([name, n]) => `${name} ${countText(n)}`);
    parts.push(
      `${plural(view.drifted, "record")} changed in Salesforce since (${fields.join(", ")})`,
    );
  }
  if (view.gone > 0) parts.push(`${plural(view.gone, "record")} deleted there`);
  return `${parts.join(", ")}; a run leaves them so, --full sends them again`;
}

export function workWords(plan: SyncPlan): string {
  const jobs = plan.chunks.length + (plan.mirror?.chunks.length ?? 0);
  const left = plan.guards.find(({ name }) => name === "apiCalls")?.limit ?? null;
  const share =
    left === null || left <= 0 ? "" : ` (${shareText(plan.apiCalls / left)} of what is left today)`;
  return `${plural(jobs, "job")}, ${bytesText(plan.bytes)}, about ${plural(plan.apiCalls, "API call")}${share}`;
}

/** Null for a plan that sends nothing, or that an earlier version made. */
export function diskWords({ diskBytes = 0 }: SyncPlan): string | null {
  return diskBytes === 0 ? null : `about ${bytesText(diskBytes)} in the state folder`;
}

function shareText(share: number): string {
  const percent = share * 100;
  return percent < 0.1 ? "under 0.1%" : `${percent.toFixed(1)}%`;
}

/** Whether anything would be sent, or deleted or updated because it left the source. */
export function hasChanges(plan: SyncPlan): boolean {
  return plan.counts.toSend > 0 || mirrorWork(plan.mirror) > 0;
}

/** What becomes of records whose key left the source; null when there are none. */
export function mirrorText({ mirror }: Pick<SyncPlan, "mirror">): string | null {
  if (mirror === null || mirrorWork(mirror) === 0) return null;
  const records = plural(mirrorWork(mirror), "record");
  const what = mirror.fields.length === 0 ? "" : ` (${mirror.fields.join(", ")})`;
  const their = mirrorWork(mirror) === 1 ? "its" : "their";
  return `${records} to ${mirrorVerb(mirror)} because ${their} key left the source${what}`;
}

/** "6 to upsert (4 new, 2 changed), 2 to delete", over all syncs; null when there is nothing to do. */
export function sumWords(plans: readonly SyncPlan[]): string | null {
  const parts = (["upsert", "insert", "update", "delete"] as const).flatMap((operation) => {
    const own = plans.filter((plan) => plan.operation === operation);
    const total = (name: "toSend" | "new" | "changed") =>
      own.reduce((rows, { counts }) => rows + counts[name], 0);
    const mirrored = plans.reduce((rows, { mirror }) => rows + mirroredBy(operation, mirror), 0);
    const all = total("toSend") + mirrored;
    if (all === 0) return [];
    const split: string[] = [];
    if (total("changed") > 0) {
      split.push(`${countText(total("new"))} new`, `${countText(total("changed"))} changed`);
    }
    if (mirrored > 0) split.push(`${countText(mirrored)} left the source`);
    const detail = split.length > 0 && operation !== "delete" ? ` (${split.join(", ")})` : "";
    return [`${countText(all)} to ${operation}${detail}`];
  });
  return parts.length === 0 ? null : parts.join(", ");
}

function mirroredBy(operation: string, mirror: SyncPlan["mirror"]): number {
  if (operation === "delete") return mirror?.deletes ?? 0;
  return operation === "update" ? (mirror?.updates ?? 0) : 0;
}

/** Why nothing would be sent. Says nothing of the org, which was not asked: only what was sent is known. */
export function nothingWords(plans: readonly Pick<SyncPlan, "counts">[]): string {
  const total = (pick: (counts: SyncPlan["counts"]) => number) =>
    plans.reduce((rows, { counts }) => rows + pick(counts), 0);
  const rejected = total(({ invalid, duplicate }) => invalid + duplicate);
  const unchanged = total((counts) => counts.unchanged);
  if (rejected > 0) {
    const others = unchanged > 0 ? ", and the others are as they were last sent" : "";
    return `Nothing to send: ${plural(rejected, "row")} can't be sent${others}.`;
  }
  return unchanged > 0
    ? "Nothing to send: every row is as it was last sent."
    : "Nothing to send: the sources have no row for the org.";
}
