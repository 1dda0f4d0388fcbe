import type { RunView } from "./run-text.ts";

/** `data` of `run`, `apply`, `resume` and `retry`, as schemas/output.schema.json describes it. */
export function runData(runs: readonly RunView[]): unknown {
  return {
    runs: runs.map((run) => ({
      runId: run.runId,
      sync: run.sync,
      org: run.org,
      state: run.state,
      counts: run.counts,
      jobs: run.jobs,
      files: run.files,
      apiCalls: run.apiCalls,
      elapsedMs: run.elapsedMs,
      reasons: run.reasons,
      error:
        run.error === null
          ? null
          : { code: run.error.code, message: run.error.message, hint: run.error.hint },
    })),
  };
}
