import type { RunCounts } from "../run/count-run.ts";
import type { FailReason } from "../run/failed-file.ts";
import { fileText } from "./file-text.ts";
import { countText, durationText, plural } from "./number-text.ts";
import { type Paint, paintFor } from "./paint.ts";

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

/** What `run` prints when it has ended: one block a sync. */
export function runText(
  runs: readonly RunView[],
  options: { readonly color: boolean; readonly cwd: string },
): string {
  const paint = paintFor(options.color);
  if (runs.length === 0) return "Nothing to do.\n";
  return runs.map((run) => runBlock(run, paint, options.cwd)).join("\n");
}

function runBlock(run: RunView, paint: Paint, cwd: string): string {
  const lines = [`${paint.strong(run.sync)}  ${stateWord(run.state, paint)}  ->  ${run.org}`];
  if (run.counts !== null) lines.push(...countLines(run.counts, paint));
  for (const reason of run.reasons.slice(0, REASONS_SHOWN_MAX)) {
    // Never the message: Salesforce repeats values in it.
    const first = reason.file === null ? "" : `, first at ${reason.file}:${reason.line}`;
    lines.push(paint.bad(`  ! ${reason.code}  ${countText(reason.count)}${first}`));
  }
  for (const file of [run.files.failed, run.files.invalid]) {
    if (file !== null) lines.push(`  see        ${fileText(file, cwd)}`);
  }
  for (const warning of run.warnings) lines.push(paint.change(`  warning  ${warning}`));
  if (run.error !== null) lines.push(...errorLines(run.error, paint));
  if (run.runId !== null) lines.push(paint.dim(`  ${facts(run)}`));
  return `${lines.join("\n")}\n`;
}

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

function countLines(counts: RunCounts, paint: Paint): string[] {
  const split = [
    ["created", counts.created],
    ["updated", counts.updated],
    ["deleted", counts.deleted],
  ] as const;
  const known = split.filter(([, count]) => count !== null && count > 0);
  const detail = known.map(([name, count]) => `${countText(count ?? 0)} ${name}`).join(", ");
  const lines =
    counts.sent === 0
      ? [`  sent       none of ${plural(counts.source, "row")}`]
      : [
          `  sent       ${countText(counts.sent)} of ${plural(counts.source, "row")}`,
          paint.good(
            `  succeeded  ${countText(counts.succeeded)}${detail === "" ? "" : ` (${detail})`}`,
          ),
        ];
  for (const name of ["failed", "unprocessed", "unknown", "inFlight"] as const) {
    if (counts[name] > 0) {
      const word = name === "inFlight" ? "in flight" : name;
      lines.push(paint.bad(`  ${word.padEnd(10)} ${countText(counts[name])}`));
    }
  }
  const unsent = (["pending", "invalid", "duplicate", "unchanged", "filtered"] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${countText(counts[name])} ${name}`);
  const color = counts.pending + counts.invalid + counts.duplicate > 0 ? paint.bad : paint.dim;
  if (unsent.length > 0) lines.push(color(`  not sent   ${unsent.join(", ")}`));
  return lines;
}

function errorLines(
  error: { code: string; message: string; hint: string | null },
  paint: Paint,
): string[] {
  const hint = error.hint === null ? [] : error.hint.split("\n").map((line) => `  ${line}`);
  return [paint.bad(`  ${error.code}: ${error.message}`), ...hint];
}

function facts(run: RunView): string {
  const jobs = run.jobs.length === 0 ? "no job" : plural(run.jobs.length, "job");
  return `run ${run.runId}, ${jobs}, ${plural(run.apiCalls, "API call")}, ${durationText(run.elapsedMs)}`;
}
