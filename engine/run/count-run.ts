import type { RunPlan } from "../plan/sync-plan.ts";
import type { ChunkRow } from "../state/state-store.ts";

/** The counts of a run: source = filtered + invalid + duplicate + unchanged + sent + pending, and
 *  sent = succeeded + failed + unprocessed + unknown + inFlight. A row counts once, by its last round. */
export interface RunCounts {
  readonly source: number;
  readonly filtered: number;
  readonly invalid: number;
  readonly duplicate: number;
  readonly unchanged: number;
  readonly sent: number;
  /** Not uploaded yet. */
  readonly pending: number;
  readonly succeeded: number;
  /** Null where the results were not read for it. */
  readonly created: number | null;
  readonly updated: number | null;
  readonly deleted: number | null;
  readonly failed: number;
  readonly unprocessed: number;
  readonly unknown: number;
  /** Uploaded, not settled. */
  readonly inFlight: number;
}

/** A row that was sent and of which nothing is known is `unknown`: SEMANTICS "Counts". Throws when the
 *  counts do not add up otherwise: then nobody may be told that all is well. */
export function countRun(plan: RunPlan, chunks: readonly ChunkRow[]): RunCounts {
  const counts = sumUp(plan, chunks);
  const { source, filtered, invalid, duplicate, unchanged, sent, pending } = counts;
  const { succeeded, failed, unprocessed, unknown, inFlight } = counts;
  const untold = sent - (succeeded + failed + unprocessed + unknown + inFlight);
  const rows = filtered + invalid + duplicate + unchanged + sent + pending;
  if (untold < 0 || rows !== source) {
    throw new Error(
      `The counts do not add up: ${rows} of ${source} rows, ${sent - untold} outcomes of ${sent} rows sent. This is a bug`,
    );
  }
  return { ...counts, unknown: unknown + untold };
}

function sumUp(plan: RunPlan, chunks: readonly ChunkRow[]): RunCounts {
  const { counts } = plan.plan;
  const rounds = chunks.reduce((round, chunk) => Math.max(round, chunk.round), 0);
  const total = { succeeded: 0, failed: 0, unprocessed: 0, unknown: 0, inFlight: 0, waiting: 0 };
  const split = {
    created: 0 as number | null,
    updated: 0 as number | null,
    deleted: 0 as number | null,
  };
  let staged = 0;
  for (const chunk of chunks) {
    if (chunk.round === 0) staged += chunk.rows;
    if (chunk.counts === null) {
      const onItsWay =
        chunk.phase === "uploaded" || chunk.phase === "closed" || chunk.phase === "done";
      if (onItsWay) total.inFlight += chunk.rows;
      else total.waiting += chunk.rows;
      continue;
    }
    total.succeeded += chunk.counts.succeeded;
    total.failed += chunk.counts.failed;
    total.unprocessed += chunk.counts.unprocessed;
    total.unknown += chunk.counts.unknown;
    // Rows that went into a further round count there: `wentOn` in misses-file.ts.
    if (chunk.round < rounds) {
      total.failed -= chunk.counts.retryable.failed;
      total.unprocessed -= chunk.counts.retryable.unprocessed;
    }
    for (const name of ["created", "updated", "deleted"] as const) {
      const part = chunk.counts[name];
      split[name] = part === null || split[name] === null ? null : (split[name] ?? 0) + part;
    }
  }
  const pending = counts.toSend - staged + total.waiting;
  return {
    source: counts.source,
    filtered: counts.filtered,
    invalid: counts.invalid,
    duplicate: counts.duplicate,
    unchanged: counts.unchanged - plan.unknownBefore,
    sent: counts.toSend - pending + plan.unknownBefore,
    pending,
    succeeded: total.succeeded,
    ...split,
    failed: total.failed,
    unprocessed: total.unprocessed,
    unknown: total.unknown + plan.unknownBefore,
    inFlight: total.inFlight,
  };
}
