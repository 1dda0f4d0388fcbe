import path from "node:path";
import { isoNow } from "../base/clock.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { writeDurably } from "../base/durable-file.ts";
import { version } from "../base/version.ts";
import { planFile } from "../plan/plan-file.ts";
import { masked, type PlanView } from "../plan/plan-sample.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import { planData } from "../report/plan-json.ts";
import { hasChanges } from "../report/plan-words.ts";
import { planSyncs } from "../sync.ts";
import type { Context } from "./context.ts";
import { withFlow } from "./open-flow.ts";
import { problemsError } from "./problems-error.ts";
import { type CommandResult, failure, ofSync, warningTexts } from "./result.ts";

export interface PlanFlags {
  readonly full: boolean;
  /** Asks the org: for its describe, and for what its records hold. */
  readonly refresh: boolean;
  readonly resendUnknown: boolean;
  readonly format: "text" | "markdown" | "json" | "html";
  readonly detailedExitcode: boolean;
  /** Changed rows that are shown field by field, and a third as many new ones. */
  readonly samples: number;
  /** Samples in the clear. */
  readonly showValues: boolean;
  /** Where every change of every changed row is written; null: nowhere. */
  readonly diffOut: string | null;
  /** Where the plan is saved for `apply`; null: nowhere. */
  readonly out: string | null;
}

export function planCommand(
  names: readonly string[],
  flags: PlanFlags,
  context: Context,
): Promise<CommandResult> {
  return withFlow(context, names, async ({ syncs, deps }) => {
    const { views, diagnostics } = await planSyncs(syncs, deps, {
      org: context.flags.org,
      refresh: flags.refresh,
      full: flags.full,
      resendUnknown: flags.resendUnknown,
      samples: flags.samples,
      diffFile: flags.diffOut === null ? null : path.resolve(context.cwd, flags.diffOut),
      invalidFile: (sync) => path.join(deps.project.stateFolder, "plans", sync.name, "invalid.csv"),
    });
    if (hasErrors(diagnostics)) return failure(problemsError(diagnostics), { diagnostics });
    const plans = views.map(({ plan }) => plan);
    if (flags.out !== null) savePlan(plans, flags.out, flags, context);
    const shown = flags.showValues
      ? views
      : views.map(({ plan, samples }) => ({ plan, samples: samples.map(masked) }));
    return {
      data: planData(shown),
      text: await render(shown, flags.format, {
        ...{ apply: applyLine(names, flags, context), notes: warningTexts(diagnostics) },
        context,
      }),
      warnings: plans.flatMap(({ sync, warnings }) => ofSync(sync, warnings)),
      diagnostics,
      error: null,
      exitCode: flags.detailedExitcode && plans.some(hasChanges) ? 2 : 0,
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
  views: readonly PlanView[],
  format: PlanFlags["format"],
  {
    apply,
    notes,
    context,
  }: { readonly apply: string; readonly notes: readonly string[]; readonly context: Context },
): Promise<string> {
  switch (format) {
    case "text": {
      const { planText } = await import("../report/plan-text.ts");
      const { color, cwd, width } = context;
      return planText(views, { color, cwd, width, apply });
    }
    case "markdown": {
      const { planMarkdown } = await import("../report/plan-markdown.ts");
      return planMarkdown(views, notes);
    }
    case "html": {
      const { planHtml } = await import("../report/plan-html.ts");
      return planHtml(views, { madeAt: isoNow(context.clock), apply });
    }
    case "json":
      return `${JSON.stringify(planData(views), null, 2)}\n`;
  }
}
