import { countText, durationText, plural } from "../report/number-text.ts";
import type { RunProgress } from "../run/run-deps.ts";
import type { Context } from "./context.ts";

export interface Progress {
  readonly show: (sync: string, progress: RunProgress) => void;
  readonly end: () => void;
}

/** Tells how far the work is, on stderr: one live line on a terminal (rows read, jobs, records
 *  processed, elapsed); elsewhere plain lines, none of them for mere reading. */
export function newProgress(context: Context): Progress {
  if (context.flags.json) return { show: () => {}, end: () => {} };
  return context.live ? liveLine(context) : plainLines(context);
}

interface SyncProgress {
  rows: number;
  /** 0 until rows that failed for a passing reason are sent again. */
  round: number;
  readonly jobs: Map<number, { phase: string; processed: number; failed: number }>;
}

/** Draws at most ten times a second. */
const REDRAW_MS = 100;

function liveLine(context: Context): Progress {
  const begun = context.clock.monotonic();
  let current = "";
  let state: SyncProgress = { rows: 0, round: 0, jobs: new Map() };
  let drawn = -REDRAW_MS;
  const draw = () => {
    const jobs = [...state.jobs.values()];
    const processed = jobs.reduce((sum, job) => sum + job.processed, 0);
    const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
    const parts = [`${countText(state.rows)} rows read`];
    if (state.round > 0) parts.push(`round ${state.round}`);
    if (jobs.length > 0) {
      const done = jobs.filter(({ phase }) => phase === "settled").length;
      parts.push(
        `${done} of ${jobs.length} jobs done`,
        `${countText(processed)} records processed`,
      );
    }
    if (failed > 0) parts.push(`${countText(failed)} failed`);
    parts.push(durationText(context.clock.monotonic() - begun));
    context.err(
      `\r\u001b[2K${`${current}  ${parts.join(" · ")}`.slice(0, context.errScreen.columns - 1)}`,
    );
  };
  return {
    show(sync, progress) {
      if (sync !== current) state = { rows: 0, round: 0, jobs: new Map() };
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

/** Two lines a chunk: when its job is there, and when it is done. A log has no use for more. */
function plainLines(context: Context): Progress {
  const started = new Set<string>();
  return {
    show(sync, progress) {
      if (progress.kind !== "phase" || progress.jobId === null) return;
      const { chunk, round, rows, jobId, phase, missed } = progress;
      const name = `${sync}: ${round === 0 ? "" : `round ${round}, `}chunk ${chunk}`;
      if (!started.has(name)) {
        started.add(name);
        context.err(`${name} started: ${plural(rows, "row")}, job ${jobId}\n`);
      }
      if (phase !== "settled") return;
      const arrived = missed === 0 ? "all rows arrived" : `${plural(missed, "row")} did not arrive`;
      context.err(`${name} done: ${arrived}\n`);
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
  if (progress.kind === "phase") {
    job.phase = progress.phase;
    state.round = Math.max(state.round, progress.round);
  }
  if (progress.kind === "processed") {
    job.processed = progress.processed;
    job.failed = progress.failed;
  }
}
