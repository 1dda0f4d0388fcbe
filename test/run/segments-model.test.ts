import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DECIDED_CHANGED,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  isSent,
} from "../../engine/delta/decision.ts";
import { startDeltaPass } from "../../engine/delta/delta-pass.ts";
import { openSegment } from "../../engine/delta/segment-file.ts";
import { foldKey } from "../../engine/mapping/fold-key.ts";
import type { StateStore } from "../../engine/state/state-store.ts";
import type { EngineDeps } from "../../engine/sync/engine-deps.ts";
import { tidyState } from "../../engine/sync/tidy-state.ts";
import { fakeOrg } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { digest, goOn, type HandRun, ORG_ID, openStore, stateFolder } from "./hand-run.ts";
import { killAt } from "./kill-at.ts";

const COLUMNS = ["Key__c", "Name"];
const STREAM = {
  ...{ sync: "things", orgId: ORG_ID, object: "Thing__c", operation: "upsert", keyField: "Key__c" },
};

type Row = readonly [key: string, content: string];

/** What a run finds: the source, how it is cut, which rows fail, and at which effect its process dies. */
interface Step {
  readonly chunkRows: number;
  /** By key: absent, as it was, or changed. */
  readonly source: readonly ("absent" | "same" | "changed")[];
  readonly fails: readonly number[];
  readonly kill: number;
  readonly when: "before" | "after";
  /** The rows come in another order than before. */
  readonly turned: boolean;
}

const KEYS = 40;

const step: fc.Arbitrary<Step> = fc.record({
  // One row a chunk makes so many segments that they are merged under way.
  chunkRows: fc.constantFrom(1, 1, 7, 100),
  source: fc.array(fc.constantFrom("absent", "same", "same", "changed"), {
    minLength: KEYS,
    maxLength: KEYS,
  }),
  fails: fc.array(fc.nat(KEYS - 1), { maxLength: 3 }),
  kill: fc.integer({ min: 1, max: 400 }),
  when: fc.constantFrom("before", "after"),
  turned: fc.boolean(),
});

async function withStore<T>(folder: string, act: (store: StateStore, id: number) => Promise<T>) {
  const store = openStore(folder, handClock(), async (_name, effect) => effect());
  try {
    return await act(store, (await store.openStream(STREAM)).id);
  } finally {
    store.close();
  }
}

/** What the delta decides for these rows, from the segments that the state names. */
function decide(folder: string, rows: readonly Row[]): Promise<number[]> {
  return withStore(folder, async (store, id) => {
    const segments = (await store.listSegments(id)).map(({ file }) => openSegment(file));
    const pass = startDeltaPass({
      ...{ operation: "upsert", duplicates: "reject", keyed: true, full: false, segments },
      ...{ columns: COLUMNS, clearDigests: new Uint16Array(2), resendUnknown: false },
      spillFolder: folder,
    });
    pass.add({
      rowCount: rows.length,
      status: new Uint8Array(rows.length),
      problems: new Map(),
      bytes: new Uint8Array(0),
      rowStart: new Int32Array(rows.length + 1),
      keyDigest: Uint32Array.from(rows.flatMap(([key]) => [...digest(foldKey(key, "text"))])),
      rowDigest: Uint32Array.from(rows.flatMap((row) => [...contentDigest(row)])),
      fieldDigest: new Uint16Array(rows.length * 2),
      cleared: new Uint32Array(2),
      literalNulls: 0,
    });
    const { byRow } = pass.finish();
    pass.close();
    for (const segment of segments) segment.close();
    return [...byRow];
  });
}

function contentDigest(row: Row): Uint32Array {
  return digest(row.join("\u0000")).subarray(0, 2);
}

function modelOf(known: ReadonlyMap<string, string>, rows: readonly Row[]): number[] {
  return rows.map(([key, content]) => {
    const was = known.get(key);
    if (was === undefined) return DECIDED_NEW;
    return was === content ? DECIDED_UNCHANGED : DECIDED_CHANGED;
  });
}

/** As the next run does before it plans: under a lease of its own. */
function tidy(folder: string): Promise<void> {
  return withStore(folder, async (store, id) => {
    const lease = await store.acquireLease(id);
    await tidyState(lease, { store, project: { stateFolder: folder } } as unknown as EngineDeps);
    await store.releaseLease(lease);
  });
}

/** How many runs the state has, and the rows of the last one's chunks that are settled. */
function runsOf(folder: string, sent: readonly Row[], chunkRows: number) {
  return withStore(folder, async (store) => {
    const runs = await store.listRuns({ limit: 100 });
    const [last] = runs;
    const chunks = last === undefined ? [] : await store.listChunks(last.id);
    const settled = chunks.flatMap(({ index, phase }) =>
      phase === "settled" ? sent.slice(index * chunkRows, (index + 1) * chunkRows) : [],
    );
    return { count: runs.length, settled, ended: last?.ended ?? true };
  });
}

test("runs, merges and crashes at any effect: what is decided next is what a plain Map says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const folder = stateFolder();
      const known = new Map<string, string>();
      const contents = new Array<number>(KEYS).fill(0);
      for (const [n, one] of steps.entries()) {
        const fails = new Set(one.fails.map((key) => `key-${key}`));
        const source = one.source.flatMap((way, i): Row[] => {
          if (way === "changed") contents[i] = n + 1;
          return way === "absent" ? [] : [[`key-${i}`, `v${contents[i]}`]];
        });
        if (one.turned) source.reverse();
        const decided = await decide(folder, source);
        expect(decided).toEqual(modelOf(known, source));

        const rows = source.filter((_, i) => isSent(decided[i]));
        if (rows.length === 0) continue;
        const refuse = (key: string) => (fails.has(key) ? "REQUIRED_FIELD_MISSING:x:--" : null);
        const org = fakeOrg("Key__c", { row: refuse });
        const run: HandRun = {
          ...{ operation: "upsert", columns: COLUMNS, rows, chunkRows: one.chunkRows },
          change: { results: "failures" },
        };
        const arrived = (all: readonly Row[]) => all.filter(([key]) => !fails.has(key));
        const before = await runsOf(folder, [], 1);
        const { effect, death } = killAt(one.kill, one.when);
        const end = await Promise.race([goOn(run, { org, folder, effect, again: true }), death]);
        if (end === "killed") {
          const { count, settled } = await runsOf(folder, rows, one.chunkRows);
          const isBegun = count > before.count;
          const now = new Map(known);
          for (const [key, content] of isBegun ? arrived(settled) : []) now.set(key, content);
          expect(await decide(folder, source)).toEqual(modelOf(now, source));
          await goOn(run, { org, folder, again: !isBegun });
        }
        expect(await runsOf(folder, [], 1)).toMatchObject({ count: before.count + 1, ended: true });
        for (const [key, content] of arrived(rows)) known.set(key, content);
        expect(await decide(folder, source)).toEqual(modelOf(known, source));
        await tidy(folder);
        expect(await decide(folder, source)).toEqual(modelOf(known, source));
      }
    }),
    { numRuns: 6 },
  );
});

test("killed before and after a merge under way: no fingerprint is lost or invented", async () => {
  const rows = Array.from({ length: KEYS }, (_, i): Row => [`key-${i}`, "v"]);
  const strange = Array.from({ length: KEYS }, (_, i): Row => [`other-${i}`, "v"]);
  const run: HandRun = {
    ...{ operation: "upsert", columns: COLUMNS, rows, chunkRows: 1 },
    change: { results: "failures" },
  };
  const calm = killAt(Number.POSITIVE_INFINITY, "before");
  await goOn(run, { org: fakeOrg("Key__c"), folder: stateFolder(), effect: calm.effect });
  const at = calm.names.indexOf("replaceSegments") + 1;
  expect(at).toBeGreaterThan(1);
  for (const when of ["before", "after"] as const) {
    for (const more of [-1, 0, 1]) {
      const folder = stateFolder();
      const org = fakeOrg("Key__c");
      const { effect, death } = killAt(at + more, when);
      expect(await Promise.race([goOn(run, { org, folder, effect }), death])).toBe("killed");
      await goOn(run, { org, folder });
      const known = new Map(rows);
      for (const source of [rows, strange]) {
        expect(await decide(folder, source)).toEqual(modelOf(known, source));
      }
      await tidy(folder);
      expect(await decide(folder, rows)).toEqual(modelOf(known, rows));
    }
  }
});
