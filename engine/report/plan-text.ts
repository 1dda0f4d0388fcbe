import type { PlanView } from "../plan/plan-sample.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import { fileText } from "./file-text.ts";
import { bytesText, countText, plural } from "./number-text.ts";
import { type Paint, paintFor } from "./paint.ts";
import {
  diskWords,
  driftWords,
  guardsToShow,
  guardWords,
  mirrorText,
  nothingWords,
  orgWords,
  sumWords,
  targetWords,
  workWords,
} from "./plan-words.ts";
import { sampleLines } from "./sample-text.ts";
import { labelled as labelledBlock, WIDTH_MIN } from "./text-block.ts";
import { wrapText } from "./text-width.ts";

export interface PlanTextOptions {
  readonly color: boolean;
  readonly cwd: string;
  /** Columns of the terminal. */
  readonly width: number;
  /** The command that applies the plan. */
  readonly apply: string;
}

/** What `plan` prints on a terminal: one block a sync, counts that add up, and one closing sentence. */
export function planText(views: readonly PlanView[], options: PlanTextOptions): string {
  const paint = paintFor(options.color);
  const page = { paint, cwd: options.cwd, width: Math.max(options.width, WIDTH_MIN) };
  const blocks = views.map((view) => syncBlock(view, page));
  const plans = views.map(({ plan }) => plan);
  return `${blocks.join("\n")}\n${closing(plans, options.apply, page)}\n`;
}

interface Page {
  readonly paint: Paint;
  readonly cwd: string;
  readonly width: number;
}

function syncBlock({ plan, samples }: PlanView, page: Page): string {
  return [
    ...headLines(plan, page),
    "",
    ...countLines(plan, page.paint),
    ...fieldLines(plan, page),
    ...invalidLines(plan, page),
    ...sampleLines(samples, { ...page, deletes: plan.operation === "delete" }),
    ...workLines(plan, page),
    "",
  ].join("\n");
}

function labelled(label: string, text: string, page: Page, color: (text: string) => string) {
  return labelledBlock(label, text, { width: page.width, labelWidth: LABEL_WIDTH, color });
}

const LABEL_WIDTH = 11;

function headLines(plan: SyncPlan, page: Page): string[] {
  const { paint } = page;
  const production = plan.org.production === true ? " (PRODUCTION)" : "";
  const size = plan.sources.reduce((bytes, source) => bytes + source.bytes, 0);
  const files = plan.sources.map(({ file }) => file);
  const more =
    files.length > 3 ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more` : "";
  const shown = more === "" ? files.join(", ") : more;
  const source = `${shown}  ${plural(plan.counts.source, "row")}, ${bytesText(size)}`;
  const target = `${targetWords(plan)}  ->  ${plan.org.name}${production}`;
  const oneLine = plan.sync.length + 2 + target.length <= page.width;
  const title = oneLine
    ? [`${paint.strong(plan.sync)}  ${target}`]
    : [paint.strong(plan.sync), ...wrapText(target, page.width - 2).map((line) => `  ${line}`)];
  return [
    ...title,
    ...labelled("source", source, page, paint.dim),
    ...plan.reasons.flatMap(({ text }, i) => labelled(i === 0 ? "why" : "", text, page, paint.dim)),
  ];
}

function countLines(plan: SyncPlan, paint: Paint): string[] {
  const { counts } = plan;
  const deletes = plan.operation === "delete";
  const updates = plan.mirror?.updates ?? 0;
  const rows: [string, string, number, (text: string) => string][] = [
    deletes ? ["-", "to delete", counts.toSend, paint.bad] : ["+", "new", counts.new, paint.good],
    ["~", "changed", deletes ? 0 : counts.changed, paint.change],
    ["=", "unchanged", counts.unchanged, paint.dim],
    ["-", "filtered", counts.filtered, paint.dim],
    ["!", "duplicate", counts.duplicate, paint.bad],
    ["!", "invalid", counts.invalid, paint.bad],
    ["x", "to delete", plan.mirror?.deletes ?? 0, paint.bad],
    ["x", "to update", updates, paint.change],
  ];
  // On a first run nothing can be changed or unchanged; later a zero there is news.
  const isNews = (name: string) =>
    plan.reason !== "first run" && (name === "unchanged" || (name === "changed" && !deletes));
  const width = Math.max(...rows.map(([, , count]) => countText(count).length), 1);
  return rows
    .filter(([sign, name, count], i) => count > 0 || i === 0 || (sign !== "x" && isNews(name)))
    .map(([sign, name, count, color]) => {
      const line = `  ${sign} ${name.padEnd(10)} ${countText(count).padStart(width)}`;
      return count > 0 ? color(line) : paint.dim(line);
    });
}

function fieldLines(plan: SyncPlan, page: Page): string[] {
  const { change, dim } = page.paint;
  const fields = Object.entries(plan.fields).sort((a, b) => b[1] - a[1]);
  const lines: string[] = [];
  if (fields.length > 0) lines.push(...labelled("fields", listed(fields), page, change));
  const cleared = Object.entries(plan.cleared);
  const mirrored = mirrorText(plan);
  if (mirrored !== null) lines.push(...labelled("mirror", mirrored, page, change));
  if (cleared.length > 0) lines.push(...labelled("cleared", listed(cleared), page, change));
  if (plan.inOrg !== null) {
    lines.push(...labelled("org", orgWords(plan.inOrg, plan.operation), page, dim));
    const drift = driftWords(plan.inOrg, plan.operation);
    if (drift !== null) lines.push(...labelled("drift", drift, page, change));
  }
  return lines;
}

const FIELDS_SHOWN_MAX = 12;

function listed(entries: readonly [string, number][]): string {
  const shown = entries
    .slice(0, FIELDS_SHOWN_MAX)
    .map(([name, count]) => `${name} ${countText(count)}`);
  if (entries.length > FIELDS_SHOWN_MAX) shown.push(`${entries.length - FIELDS_SHOWN_MAX} more`);
  return shown.join(", ");
}

function invalidLines(plan: SyncPlan, page: Page): string[] {
  if (plan.invalid.length === 0) return [];
  const { paint, width } = page;
  const groups = plan.invalid.slice(0, REASONS_SHOWN_MAX).flatMap((group) => {
    const field = group.field === "" ? "" : ` ${group.field}`;
    const text = `${group.code}${field}  ${countText(group.count)}, first at ${group.file}:${group.line}`;
    return wrapText(text, width - 4).map((line, i) =>
      paint.bad(`${i === 0 ? "  ! " : "    "}${line}`),
    );
  });
  const more = plan.invalid.length - Math.min(plan.invalid.length, REASONS_SHOWN_MAX);
  const all = plan.invalidFile === null ? "" : fileText(plan.invalidFile, page.cwd);
  const last = more > 0 ? `and ${plural(more, "more reason")}, all in ${all}` : `all in ${all}`;
  return [...groups, ...wrapText(last, width - 4).map((line) => paint.dim(`    ${line}`))];
}

const REASONS_SHOWN_MAX = 3;

function workLines(plan: SyncPlan, page: Page): string[] {
  const { paint } = page;
  const lines = guardsToShow(plan).flatMap((guard) =>
    labelled("guard", `${guard.ok ? "ok" : "STOPS"}: ${guardWords(guard)}`, page, (text) =>
      guard.ok ? paint.dim(text) : paint.bad(text),
    ),
  );
  if (plan.apiCalls > 0) lines.push(...labelled("work", workWords(plan), page, paint.dim));
  const disk = diskWords(plan);
  if (disk !== null) lines.push(...labelled("disk", disk, page, paint.dim));
  for (const warning of plan.warnings) {
    lines.push(...labelled("warning", warning, page, paint.change));
  }
  return lines.length === 0 ? [] : ["", ...lines];
}

function closing(plans: readonly SyncPlan[], apply: string, page: Page): string {
  const { strong } = page.paint;
  const sum = sumWords(plans);
  const wrapped = (text: string) => wrapText(text, page.width).map(strong).join("\n");
  if (sum === null) return wrapped(nothingWords(plans));
  const stopped = plans.some((plan) => plan.guards.some((guard) => !guard.ok));
  const next = stopped ? "A guard would stop this run." : "To apply it:";
  const oneLine = `Plan: ${sum}. ${next}`.length <= page.width;
  const head = `${wrapped(`Plan: ${sum}.`)}${oneLine ? " " : "\n"}${next}`;
  return stopped ? head : `${head}\n    ${apply}`;
}
