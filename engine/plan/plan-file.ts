import { createHash } from "node:crypto";
import type { SyncPlan } from "./sync-plan.ts";

/** A saved plan: what `plan --out` writes, `apply` does exactly, and schemas/plan.schema.json describes.
 *  It holds digests of the source, never a row's value, and no secret. */
export interface PlanFile {
  readonly schemaVersion: 1;
  readonly kind: "sluice-plan";
  /** For people: nothing is decided by it. */
  readonly createdAt: string;
  /** The version of Sluice that made it. */
  readonly madeBy: string;
  /** The org named on the command line; null: each spec's own, or the default. */
  readonly org: string | null;
  readonly full: boolean;
  readonly resendUnknown: boolean;
  /** In the order in which they are applied. */
  readonly syncs: readonly SyncPlan[];
  /** SHA-256 over all of the above. */
  readonly hash: string;
}

export function planFile(content: Omit<PlanFile, "schemaVersion" | "kind" | "hash">): PlanFile {
  const { createdAt, madeBy, org, full, resendUnknown } = content;
  // A path of the machine that made the plan says nothing to the one that applies it.
  const syncs = content.syncs.map((plan) => ({ ...plan, invalidFile: null }));
  const all = { createdAt, madeBy, org, full, resendUnknown, syncs };
  return { schemaVersion: 1, kind: "sluice-plan", ...all, hash: hashOf(all) };
}

/** False when the file is not as it was saved. */
export function isIntact(file: PlanFile): boolean {
  return file.hash === hashOf(file);
}

/** Keys are sorted, so that a program that reads and writes JSON may pass the file on. */
function hashOf(file: Omit<PlanFile, "schemaVersion" | "kind" | "hash">): string {
  const { createdAt, madeBy, org, full, resendUnknown, syncs } = file;
  const all = { createdAt, madeBy, org, full, resendUnknown, syncs };
  return createHash("sha256")
    .update(JSON.stringify(sorted(all)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
