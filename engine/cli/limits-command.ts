import { countText } from "../report/number-text.ts";
import { stdTable } from "../report/table.ts";
import { orgOf } from "../sync/org-of.ts";
import type { Context } from "./context.ts";
import { openEngine } from "./open-engine.ts";
import { type CommandResult, success } from "./result.ts";

/** The org's limits: those that a sync uses first, then all others. */
export async function limitsCommand(context: Context): Promise<CommandResult> {
  const engine = await openEngine(context);
  try {
    const orgSpec = orgOf(engine.project, null, context.flags.org);
    const org = await engine.connect(orgSpec);
    const limits = await org.limits(context.signal);
    const names = Object.keys(limits).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
    const rows = names.map((name) => {
      const limit = limits[name] ?? { Max: 0, Remaining: 0 };
      return [name, countText(limit.Remaining), countText(limit.Max)];
    });
    const text = stdTable(["limit", "remaining", "max"], rows, context.width);
    return success({ org: orgSpec.name, limits }, text);
  } finally {
    await engine.close();
  }
}

/** Limits that a sync uses come first. */
const USED = ["DailyApiRequests", "DailyBulkApiBatches", "DailyBulkV2QueryJobs", "DataStorageMB"];

function rank(name: string): number {
  const place = USED.indexOf(name);
  return place < 0 ? USED.length : place;
}
