/** Takes object names, gives their shapes: from committed snapshots offline, else from the org with a
 *  short-lived cache. Never guesses a field and never reads a snapshot when the org can be asked. */
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import type { ObjectShape } from "./object-shape.ts";
import { readJsonFile, readSnapshot, writeJsonFile } from "./snapshot.ts";
import { toObjectShape } from "./to-object-shape.ts";

export interface LoadShapesOptions {
  /** Null offline. */
  readonly org: DescribingOrg | null;
  /** The project's folder: where `describe/` is. */
  readonly folder: string;
  readonly orgName: string;
  readonly stateFolder: string;
  /** In any letter case. */
  readonly objects: readonly string[];
  /** Asks the org even when the cache is fresh. */
  readonly refresh: boolean;
  /** Snapshots only. */
  readonly offline: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** The part of `Org` that is needed here. */
export interface DescribingOrg {
  readonly apiVersion: string;
  identify(): Promise<{ readonly orgId: string }>;
  describe(object: string, signal?: AbortSignal): Promise<unknown>;
}

/** An admin who adds a field expects the next plan to know it soon; five minutes spare the calls of a
 *  plan followed by its run. `--refresh` asks at once. */
const CACHE_AGE_MAX_MS = 5 * 60_000;

/** Describes at a time. */
const PARALLEL_MAX = 4;

/** The shapes by lower-cased object name. Offline, objects without a snapshot are left out.
 *  @throws EngineError DESCRIBE_NOT_FOUND, DESCRIBE_ANSWER; AUTH_* and SF_* of the org. */
export async function loadShapes(options: LoadShapesOptions): Promise<Map<string, ObjectShape>> {
  const { org, offline } = options;
  const objects = [...new Map(options.objects.map((name) => [name.toLowerCase(), name])).values()];
  const shapes = new Map<string, ObjectShape>();
  const take = (object: string, answer: unknown) => {
    shapes.set(object.toLowerCase(), shapeOf(answer, object));
  };
  if (offline || org === null) {
    for (const object of objects) {
      const answer = await readSnapshot(options.folder, options.orgName, object);
      if (answer !== null) take(object, answer);
    }
    return shapes;
  }
  for (let first = 0; first < objects.length; first += PARALLEL_MAX) {
    const some = objects.slice(first, first + PARALLEL_MAX);
    const answers = await Promise.all(some.map((object) => describeCached(object, org, options)));
    some.forEach((object, index) => {
      take(object, answers[index]);
    });
  }
  return shapes;
}

async function describeCached(
  object: string,
  org: DescribingOrg,
  { stateFolder, refresh, clock, signal }: LoadShapesOptions,
): Promise<unknown> {
  // By org id, because a name in sync.config.yaml can come to mean another org.
  const { orgId } = await org.identify();
  const name = object.toLowerCase().replace(/\W/g, "_");
  const file = join(stateFolder, "describe", orgId, `v${org.apiVersion}`, `${name}.json`);
  const cached = refresh ? null : await readCache(file);
  if (cached !== null && isFresh(cached.at, clock.now())) return cached.answer;
  const answer = await org.describe(object, signal);
  // Only a cache: a state folder that can't be written must not stop a plan.
  await writeJsonFile(file, JSON.stringify({ at: clock.now(), answer })).catch(() => undefined);
  return answer;
}

/** A damaged cache is no cache. */
async function readCache(file: string): Promise<{ at: number; answer: unknown } | null> {
  const cached = await readJsonFile(file).catch(() => null);
  if (typeof cached !== "object" || cached === null) return null;
  const { at, answer } = cached as { at?: unknown; answer?: unknown };
  return typeof at === "number" && answer !== undefined ? { at, answer } : null;
}

/** A time in the future means that the clock was moved: not fresh. */
function isFresh(at: number, now: number): boolean {
  return now >= at && now - at <= CACHE_AGE_MAX_MS;
}

function shapeOf(answer: unknown, object: string): ObjectShape {
  try {
    return toObjectShape(answer);
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    throw new EngineError("DESCRIBE_ANSWER", `${object}: ${thrown.message}`, {
      hint: `Read it from the org again:\n    sluice describe ${object} --save`,
      cause: thrown,
    });
  }
}
