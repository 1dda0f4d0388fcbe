import type { RunCounts } from "../run/count-run.ts";
import type { FailReason } from "../run/failed-file.ts";
import { fileText } from "./file-text.ts";
import { countText, durationText, plural } from "./number-text.ts";
import { type Paint, paintFor } from "./paint.ts";
import { hanging, labelled, prose, WIDTH_MIN } from "./text-block.ts";
import { displayWidth } from "./text-width.ts";

/** What a run came to, as far as its view needs it. */
export interface RunView {
  readonly runId: string | null;
  readonly sync: string;
  readonly org: string;
  readonly state: string;
  readonly counts: RunCounts | null;
  readonly jobs: readonly {
    readonly id: string;
    readonly state: string;
    readonly rows: number;
    readonly failed: number;
  }[];
  readonly files: { readonly failed: string | null; readonly invalid: string | null };
  readonly apiCalls: number;
  readonly elapsedMs: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
  } | null;
  readonly warnings: readonly string[];
  /** The most frequent reasons of rows that did not arrive. */
  readonly reasons: readonly FailReason[];
}

export interface RunTextOptions {
  readonly color: boolean;
  readonly cwd: string;
  /** Columns of the terminal. */
  readonly width: number;
}

/** What `run` prints when it has ended: one block a sync. */
export function runText(runs: readonly RunView[], options: RunTextOptions): string {
  const page = {
    paint: paintFor(options.color),
    cwd: options.cwd,
    width: Math.max(options.width, WIDTH_MIN),
  };
  if (runs.length === 0) return "Nothing to do.\n";
  return runs.map((run) => runBlock(run, page)).join("\n");
}

interface Page {
  readonly paint: Paint;
  readonly cwd: string;
  readonly width: number;
}

function runBlock(run: RunView, page: Page): string {
  const { paint, cwd, width } = page;
  const lines = [...headLines(run, page)];
  if (run.counts !== null) lines.push(...countLines(run.counts, page));
  for (const reason of run.reasons.slice(0, REASONS_SHOWN_MAX)) {
    // Never the message: Salesforce repeats values in it.
    const first = reason.file === null ? "" : `, first at ${reason.file}:${reason.line}`;
    const text = `${reason.code}  ${countText(reason.count)}${first}`;
    lines.push(...hanging(text, { width, first: "  ! ", rest: "    " }).map(paint.bad));
  }
  for (const file of [run.files.failed, run.files.invalid]) {
    if (file !== null) lines.push(...line("see", fileText(file, cwd), page, plainly));
  }
  for (const warning of run.warnings) lines.push(...line("warning", warning, page, paint.change));
  if (run.error !== null) lines.push(...errorLines(run.error, page));
  if (run.runId !== null)
    lines.push(...hanging(facts(run), { width, first: "  ", rest: "    " }).map(paint.dim));
  return `${lines.join("\n")}\n`;
}

function headLines(run: RunView, { paint, width }: Page): string[] {
  const word = stateText(run.state);
  const oneLine = displayWidth(`${run.sync}  ${word}  ->  ${run.org}`) <= width;
  const state = `${stateWord(run.state, paint)}  ->  ${run.org}`;
  return oneLine ? [`${paint.strong(run.sync)}  ${state}`] : [paint.strong(run.sync), `  ${state}`];
}

function line(label: string, text: string, page: Page, color: (text: string) => string): string[] {
  return labelled(label, text, { width: page.width, labelWidth: LABEL_WIDTH, color });
}

const LABEL_WIDTH = 13;
const plainly = (text: string) => text;

const REASONS_SHOWN_MAX = 5;

/** A run's state as people say it. */
export function stateText(state: string): string {
  const words: Record<string, string> = {
    inFlight: "in flight",
    nothingToDo: "nothing to do",
    // Its process may be at work, or dead: both are true of a run that has not ended.
    running: "unfinished",
  };
  return words[state] ?? state;
}

function stateWord(state: string, paint: Paint): string {
  const word = stateText(state);
  if (state === "succeeded" || state === "nothingToDo") return paint.good(word);
  return state === "partial" || state === "inFlight" ? paint.change(word) : paint.bad(word);
}

function countLines(counts: RunCounts, page: Page): string[] {
  const { paint } = page;
  const split = [
    ["created", counts.created],
    ["updated", counts.updated],
    ["deleted", counts.deleted],
  ] as const;
  const known = split.filter(([, count]) => count !== null && count > 0);
  const detail = known.map(([name, count]) => `${countText(count ?? 0)} ${name}`).join(", ");
  const rows = plural(counts.source, "row");
  const lines =
    counts.sent === 0
      ? line("sent", `none of ${rows}`, page, plainly)
      : [
          ...line("sent", `${countText(counts.sent)} of ${rows}`, page, plainly),
          ...line(
            "succeeded",
            `${countText(counts.succeeded)}${detail === "" ? "" : ` (${detail})`}`,
            page,
            paint.good,
          ),
        ];
  for (const name of ["failed", "unprocessed", "unknown", "inFlight"] as const) {
    if (counts[name] > 0) {
      const word = name === "inFlight" ? "in flight" : name;
      lines.push(...line(word, countText(counts[name]), page, paint.bad));
    }
  }
  const unsent = (["pending", "invalid", "duplicate", "unchanged", "filtered"] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${countText(counts[name])} ${name}`);
  const color = counts.pending + counts.invalid + counts.duplicate > 0 ? paint.bad : paint.dim;
  if (unsent.length > 0) lines.push(...line("not sent", unsent.join(", "), page, color));
  return lines;
}

function errorLines(
  error: { code: string; message: string; hint: string | null },
  { paint, width }: Page,
): string[] {
  const message = prose(`${error.code}: ${error.message}`, "  ", width).map(paint.bad);
  return [...message, ...(error.hint === null ? [] : prose(error.hint, "  ", width))];
}

function facts(run: RunView): string {
  const jobs = run.jobs.length === 0 ? "no job" : plural(run.jobs.length, "job");
  return `run ${run.runId}, ${jobs}, ${plural(run.apiCalls, "API call")}, ${durationText(run.elapsedMs)}`;
}
