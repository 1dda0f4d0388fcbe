import { countText, durationText, plural } from "./number-text.ts";
import { escaped, htmlBar, htmlPage, htmlTable } from "./page-html.ts";
import { type RunView, stateText } from "./run-text.ts";

/** A row that did not arrive: where it stands and why. Never Salesforce's message, which repeats
 *  values. */
export interface FailedRow {
  readonly file: string;
  readonly line: string;
  readonly code: string;
  readonly jobId: string;
}

/** A run as one HTML file. */
export function runHtml(run: RunView & { readonly failedRows: readonly FailedRow[] }): string {
  const parts = [
    `<h1>${escaped(run.sync)}: ${escaped(stateText(run.state))}</h1>`,
    `<p class="dim">Run ${escaped(run.runId ?? "")} in ${escaped(run.org)}, ${plural(run.jobs.length, "job")}, ${plural(run.apiCalls, "API call")}, ${durationText(run.elapsedMs)}</p>`,
    "<section>",
    run.counts === null ? "<p>Nothing was counted.</p>" : countsOf(run.counts),
  ];
  if (run.error !== null) {
    parts.push(`<p class="stop">${escaped(`${run.error.code}: ${run.error.message}`)}</p>`);
  }
  parts.push(...run.warnings.map((warning) => `<p>${escaped(warning)}</p>`));
  if (run.reasons.length > 0) {
    const rows = run.reasons.map(({ code, count }) => [code, countText(count)]);
    parts.push("<h3>Rows that did not arrive</h3>", htmlTable("reasons", ["code", "rows"], rows));
  }
  if (run.failedRows.length > 0) {
    const rows = run.failedRows.map(({ file, line, code, jobId }) => [
      `${file}:${line}`,
      code,
      jobId,
    ]);
    parts.push("<h3>Which rows</h3>", htmlTable("rows", ["row", "code", "job"], rows));
  }
  if (run.jobs.length > 0) {
    const rows = run.jobs.map(({ id, state, rows: count, failed }) => [
      id,
      state,
      countText(count),
      countText(failed),
    ]);
    parts.push("<h3>Jobs</h3>", htmlTable("jobs", ["job", "state", "rows", "failed"], rows));
  }
  parts.push("</section>");
  return htmlPage(`Sluice run ${run.runId ?? ""}`, parts.join("\n"));
}

function countsOf(counts: NonNullable<RunView["counts"]>): string {
  const { created, updated, deleted, succeeded } = counts;
  const split = (created ?? 0) + (updated ?? 0) + (deleted ?? 0) === succeeded;
  const arrived = split
    ? [
        { name: "created", count: created ?? 0, kind: "new" },
        { name: "updated", count: updated ?? 0, kind: "changed" },
        { name: "deleted", count: deleted ?? 0, kind: "changed" },
      ]
    : [{ name: "succeeded", count: succeeded, kind: "new" }];
  return htmlBar(
    [
      ...arrived,
      { name: "unchanged", count: counts.unchanged, kind: "same" },
      { name: "filtered", count: counts.filtered, kind: "left" },
      { name: "in flight", count: counts.inFlight, kind: "left" },
      { name: "not sent yet", count: counts.pending, kind: "left" },
      { name: "failed", count: counts.failed, kind: "bad" },
      { name: "not processed", count: counts.unprocessed, kind: "bad" },
      { name: "unknown", count: counts.unknown, kind: "bad" },
      { name: "duplicate", count: counts.duplicate, kind: "bad" },
      { name: "invalid", count: counts.invalid, kind: "bad" },
    ],
    countText,
  );
}
