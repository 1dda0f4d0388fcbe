import { countText, durationText, plural } from "../report/number-text.ts";
import type { RunProgress } from "../run/run-deps.ts";
import type { Context } from "./context.ts";

export interface Progress {
  readonly show: (sync: string, progress: RunProgress) => void;
  readonly end: () => void;
}

/** Tells how far the work is, on stderr: one live line on a terminal (rows read, jobs, records
 *  processed, elapsed); elsewhere a plain line for each step of a job, and none for mere reading. */
export function newProgress(context: Context): Progress {
  if (context.flags.json) return { show: () => {}, end: () => {} };
  return context.live ? liveLine(context) : plainLines(context);
}

interface SyncProgress {
  rows: number;
  readonly jobs: Map<number, { phase: string; processed: number; failed: number }>;
}

/** Draws at most ten times a second. */
const REDRAW_MS = 100;

function liveLine(context: Context): Progress {
  const begun = context.clock.monotonic();
  let current = "";
  let state: SyncProgress = { rows: 0, jobs: new Map() };
  let drawn = -REDRAW_MS;
  const draw = () => {
    const jobs = [...state.jobs.values()];
    const processed = jobs.reduce((sum, job) => sum + job.processed, 0);
    const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
    const parts = [`${countText(state.rows)} rows read`];
    if (jobs.length > 0) {
      const done = jobs.filter(({ phase }) => phase === "settled").length;
      parts.push(
        `${done} of ${jobs.length} jobs done`,
        `${countText(processed)} records processed`,
      );
    }
    if (failed > 0) parts.push(`${countText(failed)} failed`);
    parts.push(durationText(context.clock.monotonic() - begun));
    context.err(`\r\u001b[2K${`${current}  ${parts.join(" · ")}`.slice(0, context.width - 1)}`);
  };
  return {
    show(sync, progress) {
      if (sync !== current) state = { rows: 0, jobs: new Map() };
      current = sync;
      take(state, progress);
      const now = context.clock.monotonic();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      draw();
    },
    end: () => context.err("\r\u001b[2K"),
  };
}

function plainLines(context: Context): Progress {
  const told = new Map<string, number>();
  return {
    show(sync, progress) {
      if (progress.kind === "phase" && progress.jobId !== null) {
        context.err(`${sync}: chunk ${progress.chunk}, job ${progress.jobId}: ${progress.phase}\n`);
      }
      if (progress.kind !== "processed" || progress.processed === 0) return;
      const name = `${sync}/${progress.chunk}`;
      if (told.get(name) === progress.processed) return;
      told.set(name, progress.processed);
      const failed = progress.failed > 0 ? `, ${countText(progress.failed)} failed` : "";
      const processed = `${plural(progress.processed, "record")} processed`;
      context.err(`${sync}: chunk ${progress.chunk}: ${processed}${failed}\n`);
    },
    end: () => {},
  };
}

function take(state: SyncProgress, progress: RunProgress): void {
  if (progress.kind === "reading") {
    state.rows = progress.rows;
    return;
  }
  const job = state.jobs.get(progress.chunk) ?? { phase: "planned", processed: 0, failed: 0 };
  state.jobs.set(progress.chunk, job);
  if (progress.kind === "phase") job.phase = progress.phase;
  if (progress.kind === "processed") {
    job.processed = progress.processed;
    job.failed = progress.failed;
  }
}
