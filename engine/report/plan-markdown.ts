import type { PlanView } from "../plan/plan-sample.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import { countText, plural } from "./number-text.ts";
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

/** A plan for a pull-request comment: one table over all syncs, what the checks warn of, details
 *  folded. Always shorter than 60,000 characters (GitHub refuses comments over 65,536). */
export function planMarkdown(views: readonly PlanView[], notes: readonly string[] = []): string {
  const plans = views.map(({ plan }) => plan);
  const shown = plans.slice(0, SYNCS_MAX);
  const sum = sumWords(plans);
  let text = [
    "### Sluice plan",
    "",
    sum === null ? nothingWords(plans) : `**${sum}.**`,
    "",
    "| sync | target | new | changed | delete | unchanged | filtered | duplicate | invalid |",
    "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ...shown.map(tableRow),
    "",
    ...noteLines(notes),
    "",
  ].join("\n");
  let left = plans.length - shown.length;
  for (const view of views.slice(0, SYNCS_MAX)) {
    const block = details(view);
    if (text.length + block.length > CHARACTERS_MAX - NOTE_CHARACTERS) left++;
    else text += block;
  }
  if (left > 0)
    text += `Details of ${plural(left, "sync")} are left out: the comment would be too long.\n`;
  return text;
}

const CHARACTERS_MAX = 60_000;
const NOTE_CHARACTERS = 200;
/** Rows of the table: they take at most some 400 characters each. */
const SYNCS_MAX = 100;
const LINES_MAX = 30;

/** Warnings of the checks: outside the details, as they are about the specs, not about one plan. */
function noteLines(notes: readonly string[]): string[] {
  return notes.length === 0 ? [] : [...capped(notes.map(warningLine)), ""];
}

function warningLine(text: string): string {
  return `- warning: ${safe(text, SENTENCE_CHARACTERS_MAX)}`;
}

const SENTENCE_CHARACTERS_MAX = 400;

function tableRow(plan: SyncPlan): string {
  const { counts } = plan;
  const production = plan.org.production ? " **PRODUCTION**" : "";
  const target = `${safe(targetWords(plan))} in ${safe(plan.org.name)}${production}`;
  const deletes = plan.operation === "delete";
  const numbers = [
    deletes ? 0 : counts.new,
    deletes ? 0 : counts.changed,
    (deletes ? counts.toSend : 0) + (plan.mirror?.deletes ?? 0),
    counts.unchanged,
    counts.filtered,
    counts.duplicate,
    counts.invalid,
  ];
  const stops = plan.guards.some(({ ok }) => !ok) ? " :no_entry:" : "";
  return `| ${safe(plan.sync)}${stops} | ${target} | ${numbers.map(countText).join(" | ")} |`;
}

function details({ plan, samples }: PlanView): string {
  const lines = [
    ...plan.reasons.map(({ text }) => `- ${safe(text)}`),
    ...capped(
      guardsToShow(plan).map(
        (guard) => `- guard ${safe(guardWords(guard))}: ${guard.ok ? "ok" : "**stops the run**"}`,
      ),
    ),
    ...capped(plan.warnings.map(warningLine)),
  ];
  if (plan.inOrg !== null) {
    lines.push(`- in the org: ${orgWords(plan.inOrg, plan.operation)}`);
    const drift = driftWords(plan.inOrg, plan.operation);
    if (drift !== null) lines.push(`- drift: ${safe(drift)}`);
  }
  const mirrored = mirrorText(plan);
  if (mirrored !== null) lines.push(`- ${safe(mirrored)}`);
  if (plan.apiCalls > 0) lines.push(`- ${workWords(plan)}`);
  const disk = diskWords(plan);
  if (disk !== null) lines.push(`- disk: ${disk}`);
  lines.push(...fieldTable(plan), ...invalidTable(plan), ...sampleTable(samples));
  const stops = plan.guards.some(({ ok }) => !ok) ? ": a guard stops it" : "";
  return [
    "<details>",
    `<summary>${safe(plan.sync)}${stops}</summary>`,
    "",
    ...lines,
    "",
    "</details>",
    "",
    "",
  ].join("\n");
}

function fieldTable({ fields, cleared }: SyncPlan): string[] {
  const names = [...new Set([...Object.keys(fields), ...Object.keys(cleared)])];
  if (names.length === 0) return [];
  const rows = names
    .sort((a, b) => (fields[b] ?? 0) - (fields[a] ?? 0))
    .map(
      (name) =>
        `| ${safe(name)} | ${countText(fields[name] ?? 0)} | ${countText(cleared[name] ?? 0)} |`,
    );
  return ["", "| field | changes | cleared |", "|---|--:|--:|", ...capped(rows)];
}

function invalidTable({ invalid }: SyncPlan): string[] {
  if (invalid.length === 0) return [];
  const rows = invalid.map(
    ({ code, field, count, file, line }) =>
      `| ${code} | ${safe(field)} | ${countText(count)} | ${safe(file)}:${line} |`,
  );
  return ["", "| not sent | field | rows | first at |", "|---|---|--:|---|", ...capped(rows)];
}

function sampleTable(samples: PlanView["samples"]): string[] {
  const rows = samples.flatMap(({ kind, key, file, line, fields }) =>
    fields.map(({ field, before, after }) => {
      const name = key === null ? "" : safe(key);
      return `| ${kind} | ${name} | ${safe(file)}:${line} | ${safe(field)} | ${value(before)} | ${value(after)} |`;
    }),
  );
  if (rows.length === 0) return [];
  const head = ["", "| sample | key | row | field | before | after |", "|---|---|---|---|---|---|"];
  return [...head, ...capped(rows)];
}

function value(text: string | null): string {
  if (text === null) return "";
  return text === "" ? "(blank)" : safe(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

function capped(lines: readonly string[]): string[] {
  if (lines.length <= LINES_MAX) return [...lines];
  const more = lines.length - LINES_MAX;
  const last = lines[0]?.startsWith("|") ? `| and ${more} more |` : `- and ${more} more`;
  return [...lines.slice(0, LINES_MAX), last];
}

/** Text that can be no markup, no table's end and no mention of anybody. */
function safe(text: string, charactersMax = 200): string {
  return text
    .slice(0, charactersMax)
    .replace(/[\r\n]+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "&#64;")
    .replace(/[\\`*[\]|]/g, "\\$&");
}
