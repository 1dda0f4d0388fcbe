import type { SyncPlan } from "../plan/sync-plan.ts";
import { fileText } from "./file-text.ts";
import { bytesText, countText, guardText, plural } from "./number-text.ts";
import { type Paint, paintFor } from "./paint.ts";

/** What `plan` prints on a terminal: one block a sync, counts that add up, and one closing sentence. */
export function planText(
  plans: readonly SyncPlan[],
  options: {
    readonly color: boolean;
    readonly cwd: string;
    /** The command that applies the plan. */
    readonly apply: string;
  },
): string {
  const paint = paintFor(options.color);
  const blocks = plans.map((plan) => syncBlock(plan, paint, options.cwd));
  return `${blocks.join("\n")}\n${closing(plans, options.apply, paint)}\n`;
}

function syncBlock(plan: SyncPlan, paint: Paint, cwd: string): string {
  return [
    ...headLines(plan, paint),
    "",
    ...countLines(plan, paint),
    ...fieldLines(plan, paint),
    ...invalidLines(plan, paint, cwd),
    ...workLines(plan, paint),
    "",
  ].join("\n");
}

function headLines(plan: SyncPlan, paint: Paint): string[] {
  const by = plan.externalId === null ? "" : ` by ${plan.externalId}`;
  const org = plan.org.production === true ? `${plan.org.name} (PRODUCTION)` : plan.org.name;
  const size = plan.sources.reduce((bytes, source) => bytes + source.bytes, 0);
  const files = plan.sources.map(({ file }) => file);
  const shown =
    files.length > 3
      ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more`
      : files.join(", ");
  return [
    `${paint.strong(plan.sync)}  ${plan.operation} ${plan.object}${by}  ->  ${org}`,
    paint.dim(`  source   ${shown}  ${plural(plan.counts.source, "row")}, ${bytesText(size)}`),
    paint.dim(`  why      ${plan.reason}`),
  ];
}

function countLines(plan: SyncPlan, paint: Paint): string[] {
  const { counts } = plan;
  const deletes = plan.operation === "delete";
  const rows: [string, string, number, (text: string) => string][] = [
    deletes ? ["-", "to delete", counts.toSend, paint.bad] : ["+", "new", counts.new, paint.good],
    ["~", "changed", deletes ? 0 : counts.changed, paint.change],
    ["=", "unchanged", counts.unchanged, paint.dim],
    ["-", "filtered", counts.filtered, paint.dim],
    ["!", "duplicate", counts.duplicate, paint.bad],
    ["!", "invalid", counts.invalid, paint.bad],
  ];
  // On a first run nothing can be changed or unchanged; later a zero there is news.
  const isNews = (name: string) =>
    plan.reason !== "first run" && (name === "unchanged" || (name === "changed" && !deletes));
  const width = Math.max(...rows.map(([, , count]) => countText(count).length), 1);
  return rows
    .filter(
      ([, name, count]) => count > 0 || name === "new" || name === "to delete" || isNews(name),
    )
    .map(([sign, name, count, color]) => {
      const line = `  ${sign} ${name.padEnd(10)} ${countText(count).padStart(width)}`;
      return count > 0 ? color(line) : paint.dim(line);
    });
}

function fieldLines(plan: SyncPlan, paint: Paint): string[] {
  const fields = Object.entries(plan.fields).sort((a, b) => b[1] - a[1]);
  const cleared = Object.entries(plan.cleared);
  const lines: string[] = [];
  if (fields.length > 0) lines.push(...wrapped("  fields   ", fields, paint));
  if (cleared.length > 0) lines.push(...wrapped("  cleared  ", cleared, paint));
  return lines;
}

const FIELDS_SHOWN_MAX = 12;

function wrapped(label: string, entries: readonly [string, number][], paint: Paint): string[] {
  const shown = entries
    .slice(0, FIELDS_SHOWN_MAX)
    .map(([name, count]) => `${name} ${countText(count)}`);
  if (entries.length > FIELDS_SHOWN_MAX) shown.push(`${entries.length - FIELDS_SHOWN_MAX} more`);
  return [paint.change(`${label}${shown.join(", ")}`)];
}

function invalidLines(plan: SyncPlan, paint: Paint, cwd: string): string[] {
  if (plan.invalid.length === 0) return [];
  const groups = plan.invalid.slice(0, REASONS_SHOWN_MAX).map((group) => {
    const field = group.field === "" ? "" : ` ${group.field}`;
    return `  ! ${group.code}${field}  ${countText(group.count)}, first at ${group.file}:${group.line}`;
  });
  const more = plan.invalid.length - groups.length;
  const all = plan.invalidFile === null ? "" : fileText(plan.invalidFile, cwd);
  const last = more > 0 ? `and ${plural(more, "more reason")}, all in ${all}` : `all in ${all}`;
  return [...groups.map(paint.bad), paint.dim(`    ${last}`)];
}

const REASONS_SHOWN_MAX = 3;

function workLines(plan: SyncPlan, paint: Paint): string[] {
  const guardsText = (ok: boolean) =>
    plan.guards
      .filter((guard) => guard.ok === ok)
      .map(({ name, value, limit }) => {
        return `${name} ${guardText(name, value)} (limit ${guardText(name, limit)})`;
      });
  const kept = guardsText(true).join(", ");
  const lines = guardsText(false).map((text) => paint.bad(`  guard    STOPS: ${text}`));
  if (kept !== "") lines.push(paint.dim(`  guards   ok: ${kept}`));
  if (plan.chunks.length > 0) {
    const work = `${plural(plan.chunks.length, "job")}, ${bytesText(plan.bytes)}, about ${plural(plan.apiCalls, "API call")}`;
    lines.push(paint.dim(`  work     ${work}`));
  }
  for (const warning of plan.warnings) lines.push(paint.change(`  warning  ${warning}`));
  return lines;
}

function closing(plans: readonly SyncPlan[], apply: string, paint: Paint): string {
  const sum = (pick: (plan: SyncPlan) => number) =>
    plans.reduce((total, plan) => total + pick(plan), 0);
  const sent = sum(({ counts }) => counts.toSend);
  if (sent === 0) return paint.strong("Nothing to send: no row is new or changed.");
  const parts = (["upsert", "insert", "update", "delete"] as const).flatMap((operation) => {
    const own = plans.filter((plan) => plan.operation === operation);
    const total = (name: "toSend" | "new" | "changed") =>
      own.reduce((rows, { counts }) => rows + counts[name], 0);
    if (total("toSend") === 0) return [];
    const split = `${countText(total("new"))} new, ${countText(total("changed"))} changed`;
    const detail = total("changed") > 0 && operation !== "delete" ? ` (${split})` : "";
    return [`${countText(total("toSend"))} to ${operation}${detail}`];
  });
  const stopped = plans.some((plan) => plan.guards.some((guard) => !guard.ok));
  const next = stopped ? "A guard would stop this run." : `To apply it:\n    ${apply}`;
  return `${paint.strong(`Plan: ${parts.join(", ")}.`)} ${next}`;
}
