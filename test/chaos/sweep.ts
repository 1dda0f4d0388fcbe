import path from "node:path";
import { finishAll, whatIsWrong } from "./judge.ts";
import type { KillPoint } from "./kill-proxy.ts";
import { newScenario, type Scenario, writesCounted } from "./scenario.ts";
import type { Operation } from "./works.ts";

/** Where a process is killed: at an exchange with the org, at a transaction of the state, or at a file
 *  that gets its name (transactions are counted among those too). */
export type Point =
  | ({ readonly kind: "exchange" } & KillPoint)
  | { readonly kind: "state" | "file"; readonly write: number; readonly when: "before" | "after" };

/** What an undisturbed run comes to, and how many points there are in it. */
export interface CalmRun {
  readonly counts: unknown;
  readonly exchanges: number;
  readonly stateWrites: number;
  readonly fileWrites: number;
}

export async function calmRun(operation: Operation): Promise<CalmRun> {
  const [state, files] = [await calm(operation, {}), await calm(operation, { CHAOS_FILES: "1" })];
  if (JSON.stringify(state.counts) !== JSON.stringify(files.counts)) {
    throw new Error(`${operation} does not come out the same twice`);
  }
  const { counts, exchanges, writes } = state;
  return { counts, exchanges, stateWrites: writes, fileWrites: files.writes };
}

/** As `calmRun`, for a test that knows where to kill. */
export async function calmCounts(operation: Operation): Promise<unknown> {
  return (await calm(operation, {})).counts;
}

async function calm(operation: Operation, env: Readonly<Record<string, string>>) {
  const scenario = await newScenario(operation);
  try {
    const file = path.join(scenario.folder, "count");
    await scenario.start(scenario.begin, { CHAOS_COUNT: file, ...env }).ended;
    const [exchanges, writes] = [scenario.proxy.count(), writesCounted(file)];
    const counts = await finishAll(scenario);
    const wrong = await whatIsWrong(scenario);
    if (wrong.length > 0) throw new Error(`${operation}, undisturbed: ${wrong.join("; ")}`);
    return { counts, exchanges, writes };
  } finally {
    await scenario.close();
  }
}

/** Kills the run at the first point, each resume at the next ones, and then lets it come to its end.
 *  Gives what is wrong with the org or with the counts; empty when all is well. */
export async function killedAt(
  operation: Operation,
  points: readonly Point[],
  counts: unknown,
): Promise<string[]> {
  const scenario = await newScenario(operation);
  const place = `${operation}, killed ${points.map(pointText).join(", ")}`;
  try {
    for (const [i, point] of points.entries()) {
      await runInto(scenario, i === 0 ? scenario.begin : ["resume"], point);
    }
    const end = await finishAll(scenario);
    const wrong = await whatIsWrong(scenario);
    if (JSON.stringify(end) !== JSON.stringify(counts)) wrong.push(`counts ${JSON.stringify(end)}`);
    return wrong.map((text) => `${place}: ${text}`);
  } catch (error) {
    return [`${place}: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    await scenario.close();
  }
}

async function runInto(scenario: Scenario, words: readonly string[], point: Point): Promise<void> {
  if (point.kind === "exchange") {
    const run = scenario.start(words);
    scenario.proxy.watch(run.child, point);
    await run.ended;
    return;
  }
  scenario.proxy.watch(null, null);
  const env = {
    CHAOS_KILL: `${point.write}:${point.when}`,
    ...(point.kind === "file" ? { CHAOS_FILES: "1" } : {}),
  };
  await scenario.start(words, env).ended;
}

function pointText(point: Point): string {
  const at = point.kind === "exchange" ? point.exchange : point.write;
  return `${point.when} ${point.kind} ${at}`;
}

/** All points of one kind, before and after each. */
export function allPoints(kind: Point["kind"], count: number): Point[] {
  return Array.from({ length: count }, (_, i) => i + 1).flatMap((n) =>
    (["before", "after"] as const).map((when) =>
      kind === "exchange" ? { kind, exchange: n, when } : { kind, write: n, when },
    ),
  );
}

/** Does the work for each item, a few at once, and gives all that it found. What it did is printed,
 *  and what is wrong at once: a sweep that is cut off has told what it knew. */
export async function sweep<T>(
  title: string,
  items: readonly T[],
  work: (item: T) => Promise<string[]>,
): Promise<string[]> {
  const begun = performance.now();
  const wrong: string[] = [];
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const found = await work(item);
      for (const text of found) console.log(`WRONG: ${text}`);
      wrong.push(...found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${title}: ${items.length} points, ${wrong.length} wrong, ${seconds} s`);
  return wrong;
}

/** Points at which work goes on side by side: processes wait a good part of their time. */
const AT_ONCE = Number(process.env.CHAOS_JOBS ?? 3);
