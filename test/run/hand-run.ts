import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach } from "vitest";
import { murmur128 } from "../../engine/base/murmur.ts";
import { KEY_WORDS } from "../../engine/delta/key-list.ts";
import { packId } from "../../engine/delta/packed-id.ts";
import { foldKey } from "../../engine/mapping/fold-key.ts";
import type { RunPlan } from "../../engine/plan/sync-plan.ts";
import { newChunkWriter } from "../../engine/run/chunk-writer.ts";
import type { RunCounts } from "../../engine/run/count-run.ts";
import { executeRun, type Stage } from "../../engine/run/execute-run.ts";
import { finishRun, type RunEnd } from "../../engine/run/finish-run.ts";
import { withLease } from "../../engine/run/keep-lease.ts";
import type { RunDeps } from "../../engine/run/run-deps.ts";
import { type RunFolder, runFolder } from "../../engine/run/run-folder.ts";
import {
  type DepartedRecords,
  isMirrorPlan,
  type MirrorRunPlan,
  RECORD_WORDS,
  stageMirror,
  storeDeparted,
} from "../../engine/run/stage-mirror.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import type { RunRow, StateStore } from "../../engine/state/state-store.ts";
import { field, mapping, shapeOf, specOf } from "../mapping/spec-of.ts";
import type { Effect, FakeOrg } from "./fake-org.ts";
import { type HandClock, handClock } from "./hand-clock.ts";

const folders: string[] = [];
/** Memory where there is some: thousands of transactions are synced to the disk here. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function stateFolder(): string {
  const folder = mkdtempSync(path.join(PLACE, "sluice-run-"));
  folders.push(folder);
  return folder;
}

export type Operation = RunPlan["job"]["operation"];

/** What a run is to send: cells by row, in the order of the columns, the key first. */
export interface HandRun {
  readonly operation: Operation;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly chunkRows: number;
  /** With `mirrorOf`, the rows are Ids that the second half of a mirror deletes. */
  readonly change?: Partial<RunPlan> | Partial<MirrorRunPlan>;
}

export function planOf(run: HandRun): RunPlan {
  const { operation, columns, rows, chunkRows } = run;
  const key = columns[0] ?? "";
  const header = columns.join(",").length + 1;
  const chunks = [];
  for (let at = 0; at < rows.length; at += chunkRows) {
    const own = rows.slice(at, at + chunkRows);
    const bytes = own.reduce((sum, cells) => sum + lineOf(cells).length, header);
    chunks.push({ rows: own.length, bytes });
  }
  const none = { filtered: 0, invalid: 0, duplicate: 0, unchanged: 0, changed: 0 };
  const keyKind = key === "Id" ? ("id" as const) : ("text" as const);
  const counts = { ...none, source: rows.length, new: rows.length, toSend: rows.length };
  const org = { name: "test", orgId: ORG_ID, instanceUrl: "https://x", production: false };
  const shape = shapeOf("Thing__c", [
    field("Name", "string"),
    field("Key__c", "string", { externalId: true }),
    field("OwnerId", "reference"),
  ]);
  return {
    plan: {
      sync: "things",
      spec: "things.sync.yaml",
      org: { ...org, protected: false },
      object: "Thing__c",
      operation,
      externalId: key,
      reason: "first run",
      reasons: [],
      basis: "state",
      counts,
      chunks,
      bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
      apiCalls: 0,
      fields: {},
      cleared: {},
      guards: [],
      warnings: [],
      sources: [],
      invalid: [],
      invalidFile: null,
      inOrg: null,
      mirror: null,
      inputs: { config: "", describe: "", mapping: "", serial: 0, rows: "", mirror: "" },
      planHash: "",
    },
    job: {
      object: "Thing__c",
      operation,
      externalIdFieldName: operation === "upsert" ? key : null,
      assignmentRuleId: null,
    },
    columns,
    join: { column: key, kind: keyKind },
    joinBySidecar: true,
    fingerprints: { columns, keyed: true },
    mappingDigest: "mapping",
    results: "full",
    parallelJobs: 2,
    roundsMax: 3,
    pollTimeoutMs: 3_600_000,
    duplicates: "reject",
    maxFailed: { rows: 0 },
    unknownBefore: 0,
    overrides: [],
    chunkMax: { bytes: 1_000_000, rows: chunkRows },
    mapping: {
      spec: specOf(Object.fromEntries(columns.map((name) => [name, mapping(name, name)])), {
        operation,
      }),
      shape,
      parents: [],
    },
    files: [],
    digests: [],
    ...run.change,
  };
}

export const ORG_ID = "00D000000000001AAA";

function lineOf(cells: readonly string[]): string {
  return `${cells.join(",")}\n`;
}

/** Stages the rows as the source would give them. */
export function stageOf(run: HandRun, folder: RunFolder): Stage {
  return async function* stage(wanted) {
    const { columns, rows, chunkRows } = run;
    const encoder = new TextEncoder();
    for (let index = 0; index * chunkRows < rows.length; index++) {
      if (!wanted(index)) continue;
      const header = encoder.encode(`${columns.join(",")}\n`);
      const writer = newChunkWriter({ folder, index, header, columns });
      for (let i = 0; i < chunkRows && index * chunkRows + i < rows.length; i++) {
        const cells = rows[index * chunkRows + i] ?? [];
        const origin = new Uint32Array([0, index * chunkRows + i + 2, 0, 0, 0, 0]);
        const line = encoder.encode(lineOf(cells));
        origin[5] = line.length;
        const key = digest(foldKey(cells[0] ?? "", columns[0] === "Id" ? "id" : "text"));
        const row = digest(cells.join("\u0000")).subarray(0, 2);
        writer.addStaged(line, origin, { key, row, fields: new Uint16Array(columns.length) });
      }
      yield { index, ...(await writer.finish()) };
    }
  };
}

export function digest(text: string): Uint32Array {
  const words = new Uint32Array(4);
  const bytes = new TextEncoder().encode(text);
  murmur128(bytes, 0, bytes.length, 0, words, 0);
  return words;
}

/** The methods of the store that write: each is an effect. */
const WRITES: ReadonlySet<string> = new Set([
  "acquireLease",
  "releaseLease",
  "createRun",
  "updateRun",
  "addChunks",
  "saveChunk",
  "settleChunk",
  "replaceSegments",
]);

/** One process that goes for the run: begins it, or goes on with what the state says. */
export interface HandProcess {
  readonly org: FakeOrg;
  readonly folder: string;
  readonly effect?: Effect;
  readonly clock?: HandClock;
  readonly signal?: AbortSignal;
  /** Begins another run although one has ended. */
  readonly again?: boolean;
  readonly change?: Partial<RunDeps>;
  /** Changes what staging gives: a source that went away. */
  readonly stage?: (stage: Stage) => Stage;
}

let processes = 0;

export async function goOn(run: HandRun, process: HandProcess): Promise<RunEnd> {
  const effect: Effect = process.effect ?? (async (_name, act) => act());
  const clock = process.clock ?? handClock();
  const store = openStore(process.folder, clock, effect);
  const plan = planOf(run);
  const stream = await store.openStream({
    sync: "things",
    orgId: ORG_ID,
    object: "Thing__c",
    operation: run.operation,
    keyField: run.columns[0] ?? null,
  });
  const signal = process.signal ?? new AbortController().signal;
  try {
    return await withLease(stream.id, { store, clock, signal }, async (lease, own) => {
      const before = await store.unfinishedRun(stream.id);
      const [last] = await store.listRuns({ limit: 1 });
      // It ended before its process was gone; a new run would plan anew, which is not asked here.
      if (before === null && last !== undefined && process.again !== true) return endOf(last);
      const id = before?.id ?? `run-${process.folder.slice(-6)}-${++processes}`;
      const place = path.join(process.folder, "runs", id);
      mkdirSync(place, { recursive: true });
      if (before === null) {
        if (isMirrorPlan(plan)) storeDeparted(runFolder(place), departedOf(run));
        const row = { id, streamId: stream.id, sync: "things", org: "test", orgId: ORG_ID };
        const rest = { command: "run", folder: place, plan, startedAt: "2026-03-01T10:00:00Z" };
        await store.createRun(lease, { ...row, ...rest });
      }
      const folder = runFolder(place, lease.epoch);
      const deps: RunDeps = {
        runId: id,
        plan,
        folder,
        segmentFolder: path.join(process.folder, "fingerprints"),
        store,
        lease,
        ingest: process.org.api(effect),
        queryToFile: async () => {
          throw new Error("no query is expected");
        },
        clock,
        orgNow: () => clock.now(),
        signal: own,
        resendUnknown: false,
        apiCalls: () => 0,
        warnings: [...(before?.warnings ?? [])],
        onProgress: () => {},
        ...process.change,
      };
      const stage: Stage = isMirrorPlan(plan)
        ? (wanted) => stageMirror(plan, folder, wanted)
        : stageOf(run, folder);
      const failure = await executeRun(deps, process.stage?.(stage) ?? stage);
      return finishRun(deps, failure, { apiCalls: 0, elapsedMs: 0 });
    });
  } finally {
    store.close();
  }
}

function departedOf({ rows }: HandRun): DepartedRecords {
  const words = new Uint32Array(rows.length * RECORD_WORDS);
  for (const [i, [id = ""]] of rows.entries()) {
    words.set(digest(foldKey(id, "id")), i * RECORD_WORDS);
    packId(id, words, i * RECORD_WORDS + KEY_WORDS);
  }
  return { count: rows.length, words };
}

function endOf(run: RunRow): RunEnd {
  const { state, warnings } = run;
  return {
    state,
    counts: run.counts as RunCounts,
    error: null,
    ended: true,
    reasons: [],
    warnings,
  };
}

/** The real store, as a process that is dead to all others: its lease can be taken over at once. */
export function openStore(folder: string, clock: HandClock, effect: Effect): StateStore {
  const identity = { host: HOST, bootId: "an earlier boot", pid: 1, startedAt: "" };
  const store = openSqliteStore(folder, clock, identity);
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (typeof name !== "string" || !WRITES.has(name)) return method;
      return (...args: unknown[]) => effect(name, () => method(...args));
    },
  });
}

const HOST = (await import("node:os")).hostname();
