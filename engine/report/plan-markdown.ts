import type { SyncPlan } from "../plan/sync-plan.ts";
import { bytesText, countText, guardText, plural } from "./number-text.ts";

/** A plan for a pull-request comment: one table over all syncs, details folded. Always shorter than
 *  60,000 characters (GitHub refuses comments over 65,536). */
export function planMarkdown(plans: readonly SyncPlan[]): string {
  const lines = [
    "### Sluice plan",
    "",
    "| sync | target | new | changed | unchanged | filtered | duplicate | invalid | why |",
    "|---|---|--:|--:|--:|--:|--:|--:|---|",
    ...plans.map(tableRow),
    "",
  ];
  for (const plan of plans) lines.push(...details(plan));
  const text = `${lines.join("\n")}\n`;
  if (text.length <= CHARACTERS_MAX) return text;
  const kept = text.slice(0, text.lastIndexOf("\n<details>", CHARACTERS_MAX - 200));
  return `${kept}\n\nThe details of further syncs are left out: the comment would be too long.\n`;
}

const CHARACTERS_MAX = 60_000;

function tableRow(plan: SyncPlan): string {
  const { counts } = plan;
  const target = `${plan.operation} ${plan.object} in ${plan.org.name}${plan.org.production ? " **PRODUCTION**" : ""}`;
  const numbers = [
    counts.new,
    counts.changed,
    counts.unchanged,
    counts.filtered,
    counts.duplicate,
    counts.invalid,
  ];
  return `| ${cell(plan.sync)} | ${cell(target)} | ${numbers.map(countText).join(" | ")} | ${plan.reason} |`;
}

function details(plan: SyncPlan): string[] {
  const lines: string[] = [];
  for (const [field, count] of Object.entries(plan.fields)) {
    lines.push(`- \`${field}\` changes in ${plural(count, "row")}`);
  }
  for (const [field, count] of Object.entries(plan.cleared)) {
    lines.push(`- \`${field}\` is cleared in ${plural(count, "row")}`);
  }
  for (const group of plan.invalid) {
    const field = group.field === "" ? "" : ` \`${group.field}\``;
    lines.push(
      `- ${group.code}${field}: ${plural(group.count, "row")}, first at ${cell(group.file)}:${group.line}`,
    );
  }
  for (const guard of plan.guards) {
    const verdict = guard.ok ? "ok" : "**stops the run**";
    lines.push(
      `- guard ${guard.name}: ${guardText(guard.name, guard.value)} (limit ${guardText(guard.name, guard.limit)}), ${verdict}`,
    );
  }
  for (const warning of plan.warnings) lines.push(`- warning: ${cell(warning)}`);
  lines.push(
    `- ${plural(plan.chunks.length, "job")}, ${bytesText(plan.bytes)}, about ${plural(plan.apiCalls, "API call")}`,
  );
  return ["<details>", `<summary>${cell(plan.sync)}</summary>`, "", ...lines, "", "</details>", ""];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
