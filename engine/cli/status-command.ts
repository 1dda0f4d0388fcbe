import { countKeys } from "../delta/count-keys.ts";
import { countText } from "../report/number-text.ts";
import { stateText } from "../report/run-text.ts";
import { stdTable } from "../report/table.ts";
import type { RunRow, Stream } from "../state/state-store.ts";
import type { Context } from "./context.ts";
import { openEngine } from "./open-engine.ts";
import { type CommandResult, success } from "./result.ts";

/** Now: each sync with its last run, what is unfinished, and how many keys the state knows. */
export async function statusCommand(context: Context): Promise<CommandResult> {
  const engine = await openEngine(context);
  try {
    const store = await engine.store();
    const streams = await store.listStreams();
    const rows = [];
    for (const sync of engine.project.syncs) {
      const [last] = await store.listRuns({ sync: sync.name, limit: 1 });
      const own = streams.filter((stream) => stream.sync === sync.name);
      rows.push(await statusRow(sync.name, last ?? null, own, store));
    }
    const text = stdTable(
      ["sync", "last run", "state", "when", "unfinished", "known keys"],
      rows.map((row) => [
        row.sync,
        row.lastRun?.runId ?? "never",
        stateText(row.lastRun?.state ?? ""),
        row.lastRun?.startedAt ?? "",
        row.unfinished ?? "",
        countText(row.knownKeys),
      ]),
      context.width,
    );
    const unfinished = rows.flatMap((row) => (row.unfinished === null ? [] : [row.unfinished]));
    const next = unfinished.map((run) => `    sluice resume ${run}\n`).join("");
    return success(
      { syncs: rows },
      next === "" ? text : `${text}\nTo finish what is unfinished:\n${next}`,
    );
  } finally {
    await engine.close();
  }
}

async function statusRow(
  sync: string,
  last: RunRow | null,
  streams: readonly Stream[],
  store: Awaited<ReturnType<Awaited<ReturnType<typeof openEngine>>["store"]>>,
) {
  let unfinished: string | null = null;
  let knownKeys = 0;
  for (const stream of streams) {
    unfinished ??= (await store.unfinishedRun(stream.id))?.id ?? null;
    knownKeys += countKeys((await store.listSegments(stream.id)).map(({ file }) => file));
  }
  const lastRun =
    last === null
      ? null
      : {
          runId: last.id,
          org: last.org,
          state: last.state,
          startedAt: last.startedAt,
          endedAt: last.endedAt,
        };
  return { sync, lastRun, unfinished, knownKeys };
}
