import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Clock, systemClock } from "../../engine/base/clock.ts";
import { loadProject } from "../../engine/config/load-project.ts";
import { startEmulator } from "../../engine/emulator/emulator.ts";
import { withLease } from "../../engine/run/keep-lease.ts";
import { type ConnectedOrg, connectOrg } from "../../engine/salesforce/connect.ts";
import type { RunRow } from "../../engine/state/state-store.ts";
import type { EngineDeps } from "../../engine/sync/engine-deps.ts";
import { resumeRun } from "../../engine/sync/resume-run.ts";
import { retryRun } from "../../engine/sync/retry-run.ts";
import type { RunReport } from "../../engine/sync/run-report.ts";
import type { StageThread } from "../../engine/sync/stage-beside.ts";
import { runSyncs } from "../../engine/sync.ts";
import type { Before } from "../chaos/scenario.ts";
import { keysById, type Work } from "../chaos/works.ts";
import { type Client, client } from "../emulator/local-org.ts";
import type { Effect } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { openStore } from "./hand-run.ts";

const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A project and its local org in one folder, for a work of the chaos tests in this very process. */
export interface FlowPlace {
  readonly folder: string;
  readonly org: Client;
  /** Stages chunks, where the work is to have a thread for it. */
  thread?: StageThread;
  /** Interrupts the work. */
  signal?: AbortSignal;
  close(): Promise<void>;
}

export async function openPlace(template: string | null): Promise<FlowPlace> {
  const folder = mkdtempSync(path.join(PLACE, "sluice-flow-"));
  if (template === null) {
    mkdirSync(path.join(folder, "org"));
    writeFileSync(path.join(folder, "org/shape.yaml"), SHAPE);
    writeFileSync(path.join(folder, "sync.config.yaml"), CONFIG);
  } else {
    cpSync(template, folder, { recursive: true });
  }
  const emulator = await startEmulator({
    dir: path.join(folder, "org"),
    orgShapeFiles: [path.join(folder, "org/shape.yaml")],
    control: true,
    batchDelayMs: 0,
  });
  return {
    folder,
    org: client(emulator),
    async close() {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the work finds: made once, and copied for each trial. The caller removes the folder. */
export async function prepared(work: Work): Promise<{ folder: string; before: Before }> {
  const place = await openPlace(null);
  await work.prepare(place.folder, place.org, async () => {
    const reports = await inProcess(place, asIs, ["run"]);
    return { exitCode: reports.find(({ error }) => error !== null)?.error?.exitCode ?? 0 };
  });
  const keys = Object.fromEntries(await keysById(place.org));
  const runs = (await runsOf(place)).map(({ id }) => id);
  await place.org.emulator.close();
  return { folder: place.folder, before: { runs, keys } };
}

export const asIs: Effect = async (_name, act) => act();

/** Does `run`, `resume` or `retry RUN` as a process of its own would. */
export async function inProcess(
  place: FlowPlace,
  effect: Effect,
  [command, runId]: readonly string[],
): Promise<readonly RunReport[]> {
  const { deps, close } = await depsOf(place, effect);
  try {
    if (command === "run") return (await runSyncs(deps.project.syncs, deps, RUN)).reports;
    if (command === "resume") return await resumeAll(deps);
    const run = await deps.store.readRun(runId ?? "");
    if (run === null) throw new Error(`There is no run ${runId}.`);
    return [await retryRun(run, await connect(deps), deps)];
  } finally {
    close();
  }
}

async function resumeAll(deps: EngineDeps): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  for (const { id } of await deps.store.listStreams()) {
    const run = await deps.store.unfinishedRun(id);
    if (run === null) continue;
    const org = await connect(deps);
    reports.push(
      await withLease(id, deps, (lease, signal) =>
        resumeRun(run, org, lease, { ...deps, signal }, RUN),
      ),
    );
  }
  return reports;
}

function connect({ project, connect }: EngineDeps): Promise<ConnectedOrg> {
  const [org] = Object.values(project.orgs);
  if (org === undefined) throw new Error("The project of the test has no org.");
  return connect(org);
}

/** The runs that the state knows, the newest first. */
export async function runsOf(place: FlowPlace): Promise<readonly RunRow[]> {
  const { deps, close } = await depsOf(place, asIs);
  try {
    return await deps.store.listRuns({ limit: 9 });
  } finally {
    close();
  }
}

async function depsOf({ folder, org, thread, signal }: FlowPlace, effect: Effect) {
  const env = { TOKEN: "-" };
  const { project } = await loadProject({ cwd: folder, configPath: null, env, statePath: null });
  if (project === null) throw new Error("The project of the test can't be read.");
  const { url, accessToken } = org.emulator;
  const connected = connectOrg(
    {
      name: "test",
      instanceUrl: url,
      apiVersion: "61.0",
      auth: { flow: "accessToken", accessToken },
    },
    { clock: CLOCK, onEvent: () => {} },
  );
  const store = openStore(project.stateFolder, handClock(), effect);
  const deps: EngineDeps = {
    project,
    store,
    clock: CLOCK,
    freeBytes: () => 1e12,
    connect: async () => withEffects(connected, effect),
    stageThread: thread ?? null,
    signal: signal ?? new AbortController().signal,
    onProgress: () => {},
  };
  return {
    deps,
    close() {
      store.close();
      void connected.close();
    },
  };
}

/** Each question to the org is an effect. */
function withEffects<T extends object>(target: T, effect: Effect): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (name === "ingest") return withEffects(value as ConnectedOrg["ingest"], effect);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => effect(String(name), () => value.apply(object, args));
    },
  });
}

/** Waits are short, but the heartbeat's, which ends with its run. */
const CLOCK: Clock = {
  ...systemClock,
  sleep: (ms, signal) =>
    ms === 10_000 ? handClock().sleep(ms, signal) : systemClock.sleep(Math.min(ms, 2), signal),
};

const RUN = {
  command: "run",
  full: false,
  approve: false,
  override: [],
  resendUnknown: false,
  refresh: false,
  org: null,
};

const SHAPE = `objects:
  Contact: { fields: { ERP_Id__c: { type: string, length: 40, externalId: true } } }
`;

const CONFIG = `version: 1
defaultOrg: test
orgs:
  test: { instanceUrl: "https://example.my.salesforce.com", auth: { flow: accessToken, accessToken: "\${env:TOKEN}" } }
syncs: ["*.sync.yaml"]
`;
