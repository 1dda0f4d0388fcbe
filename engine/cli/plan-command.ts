import path from "node:path";
import { isoNow } from "../base/clock.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { writeDurably } from "../base/durable-file.ts";
import { planFile } from "../plan/plan-file.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import { planData } from "../report/plan-json.ts";
import { planSyncs } from "../sync.ts";
import type { Context } from "./context.ts";
import { withFlow } from "./open-flow.ts";
import { problemsError } from "./problems-error.ts";
import { type CommandResult, failure } from "./result.ts";
import { version } from "./version.ts";

export interface PlanFlags {
  readonly full: boolean;
  readonly refresh: boolean;
  readonly resendUnknown: boolean;
  readonly format: "text" | "markdown" | "json";
  readonly detailedExitcode: boolean;
  /** Where the plan is saved for `apply`; null: nowhere. */
  readonly out: string | null;
}

export function planCommand(
  names: readonly string[],
  flags: PlanFlags,
  context: Context,
): Promise<CommandResult> {
  return withFlow(context, names, async ({ syncs, deps }) => {
    const { plans, diagnostics } = await planSyncs(syncs, deps, {
      org: context.flags.org,
      refresh: flags.refresh,
      full: flags.full,
      resendUnknown: flags.resendUnknown,
      invalidFile: (sync) => path.join(deps.project.stateFolder, "plans", sync.name, "invalid.csv"),
    });
    if (hasErrors(diagnostics)) return failure(problemsError(diagnostics), { diagnostics });
    const all = plans.map(({ plan }) => plan);
    if (flags.out !== null) savePlan(all, flags.out, flags, context);
    const changes = all.some(({ counts }) => counts.toSend > 0);
    return {
      data: planData(all),
      text: await render(all, flags.format, applyLine(names, flags, context), context),
      warnings: [],
      diagnostics,
      error: null,
      exitCode: flags.detailedExitcode && changes ? 2 : 0,
    };
  });
}

function savePlan(
  plans: readonly SyncPlan[],
  out: string,
  { full, resendUnknown }: PlanFlags,
  { cwd, clock, flags: { org } }: Context,
): void {
  const content = { createdAt: isoNow(clock), madeBy: version(), org, full, resendUnknown };
  const saved = planFile({ ...content, syncs: plans });
  writeDurably(path.resolve(cwd, out), [Buffer.from(`${JSON.stringify(saved, null, 2)}\n`)]);
}

/** The `run` that does what this plan shows. */
function applyLine(
  names: readonly string[],
  flags: PlanFlags,
  { flags: { org } }: Context,
): string {
  if (flags.out !== null) return `sluice apply ${flags.out}`;
  const words = ["sluice run", ...names];
  if (org !== null) words.push(`--org ${org}`);
  if (flags.full) words.push("--full");
  if (flags.resendUnknown) words.push("--resend-unknown");
  return words.join(" ");
}

async function render(
  plans: Parameters<typeof planData>[0],
  format: PlanFlags["format"],
  apply: string,
  context: Context,
): Promise<string> {
  switch (format) {
    case "text": {
      const { planText } = await import("../report/plan-text.ts");
      return planText(plans, { color: context.color, cwd: context.cwd, apply });
    }
    case "markdown": {
      const { planMarkdown } = await import("../report/plan-markdown.ts");
      return planMarkdown(plans);
    }
    case "json":
      return `${JSON.stringify(planData(plans), null, 2)}\n`;
  }
}
