import { existsSync } from "node:fs";
import type { RunPlan } from "../plan/sync-plan.ts";
import { runText } from "../report/run-text.ts";
import { stdTable } from "../report/table.ts";
import { countMisses } from "../run/count-misses.ts";
import type { RunCounts } from "../run/count-run.ts";
import { eachResult } from "../run/result-rows.ts";
import { runFolder } from "../run/run-folder.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { jobReports } from "../sync/run-report.ts";
import type { Context } from "./context.ts";
import { openEngine } from "./open-engine.ts";
import { type CommandResult, ofSync, success } from "./result.ts";
import { unknownRun } from "./resume-command.ts";
import { summary } from "./runs-command.ts";

/** One run with its chunks, jobs and the reasons of rows that did not arrive. */
export async function showCommand(
  runId: string,
  options: { readonly format: "text" | "html" },
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  try {
    const store = await engine.store();
    const run = await store.readRun(runId);
    if (run === null) throw unknownRun(runId);
    const chunks = await store.listChunks(runId);
    const jobs = jobReports(chunks);
    const { plan } = run.plan as RunPlan;
    const reasons = await countMisses(chunks, runFolder(run.folder));
    const view = {
      ...run,
      runId,
      jobs,
      reasons: reasons.map((reason) => ({ ...reason, file: null, line: null })),
      counts: run.counts as RunCounts | null,
    };
    const warnings = ofSync(run.sync, run.warnings);
    if (options.format === "html") {
      const { runHtml } = await import("../report/run-html.ts");
      const html = runHtml({ ...view, failedRows: await failedRows(run.files.failed) });
      return success({ run: { ...summary(run), jobs, chunks: [], reasons, plan } }, html, warnings);
    }
    const text = `${runText([view], context)}${chunkTable(chunks, context.width)}`;
    const details = chunks.map((chunk) => ({
      index: chunk.index,
      round: chunk.round,
      phase: chunk.phase,
      rows: chunk.rows,
      bytes: chunk.bytes,
      jobId: chunk.jobId,
      attempts: chunk.attempts,
      job: chunk.job,
      counts: chunk.counts,
      problem: chunk.problem,
    }));
    return success(
      { run: { ...summary(run), jobs, chunks: details, reasons, plan } },
      text,
      warnings,
    );
  } finally {
    await engine.close();
  }
}

/** Where the rows stand that did not arrive, and why; their values stay in failed.csv. */
async function failedRows(file: string | null) {
  const rows: { file: string; line: string; code: string; jobId: string }[] = [];
  if (file === null || !existsSync(file)) return rows;
  await eachResult(file, (cell) => {
    if (rows.length >= ROWS_SHOWN_MAX) return;
    const place = { file: cell("file"), line: cell("line") };
    rows.push({ ...place, code: cell("code"), jobId: cell("jobId") });
  });
  return rows;
}

const ROWS_SHOWN_MAX = 1_000;

function chunkTable(chunks: readonly ChunkRow[], width: number): string {
  if (chunks.length === 0) return "";
  return `\n${stdTable(
    ["chunk", "round", "rows", "phase", "job", "job state", "failed", "problem"],
    chunks.map((chunk) => [
      String(chunk.index),
      String(chunk.round),
      String(chunk.rows),
      chunk.phase,
      chunk.jobId ?? "",
      chunk.job?.state ?? "",
      String(chunk.counts?.failed ?? ""),
      chunk.job?.errorMessage ?? chunk.problem ?? "",
    ]),
    width,
  )}`;
}
