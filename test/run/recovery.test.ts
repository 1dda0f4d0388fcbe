import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { FLAG_DOUBT } from "../../engine/delta/fingerprints.ts";
import { openSegment, readWholeSegment } from "../../engine/delta/segment-file.ts";
import type { RunEnd } from "../../engine/run/finish-run.ts";
import { type FakeJob, type FakeOrg, fakeOrg, refused } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { goOn, type HandProcess, type HandRun, type Operation, stateFolder } from "./hand-run.ts";
import { killAtNamed } from "./troubles.ts";

/** Two rows, one chunk: what a restart makes of it, line by line of the recovery table. */
function oneChunk(operation: Operation = "upsert"): HandRun {
  const rows = [
    ["a", "Ann"],
    ["b", "Bob"],
  ];
  return {
    operation,
    columns: ["Key__c", "Name"],
    rows,
    chunkRows: 2,
    change: { parallelJobs: 1 },
  };
}

interface Case {
  readonly saved: string;
  readonly killed: readonly [string, number, "before" | "after"];
  /** What happens to the job while nobody looks. */
  readonly meanwhile?: (job: FakeJob, org: FakeOrg) => void;
  readonly jobs: readonly FakeJob["state"][];
  readonly applied: number;
}

/** saveChunk: 1 opened, 2 uploaded, 3 closed, 4 done. */
const CASES: readonly Case[] = [
  {
    saved: "planned, nothing opened",
    killed: ["openJob", 1, "before"],
    jobs: ["JobComplete"],
    applied: 2,
  },
  {
    saved: "planned, an Open job nobody knows",
    killed: ["openJob", 1, "after"],
    jobs: ["Open", "JobComplete"],
    applied: 2,
  },
  {
    saved: "opened, the PUT did not land",
    killed: ["uploadRows", 1, "before"],
    jobs: ["Aborted", "JobComplete"],
    applied: 2,
  },
  {
    saved: "opened, the PUT landed",
    killed: ["uploadRows", 1, "after"],
    jobs: ["Aborted", "JobComplete"],
    applied: 2,
  },
  {
    saved: "opened, aborted by the org",
    killed: ["uploadRows", 1, "after"],
    meanwhile: (job) => {
      job.state = "Aborted";
    },
    jobs: ["Aborted", "JobComplete"],
    applied: 2,
  },
  {
    saved: "opened, deleted in the org",
    killed: ["uploadRows", 1, "after"],
    meanwhile: (job, org) => void org.jobs.delete(job.id),
    jobs: ["JobComplete"],
    applied: 2,
  },
  {
    saved: "opened, closed by somebody else",
    killed: ["uploadRows", 1, "after"],
    meanwhile: (job) => {
      job.state = "UploadComplete";
    },
    jobs: ["JobComplete"],
    applied: 2,
  },
  {
    saved: "uploaded, the PATCH did not land",
    killed: ["closeJob", 1, "before"],
    jobs: ["JobComplete"],
    applied: 2,
  },
  {
    saved: "uploaded, the PATCH landed",
    killed: ["closeJob", 1, "after"],
    jobs: ["JobComplete"],
    applied: 2,
  },
  { saved: "closed", killed: ["saveChunk", 3, "after"], jobs: ["JobComplete"], applied: 2 },
  { saved: "done", killed: ["saveChunk", 4, "after"], jobs: ["JobComplete"], applied: 2 },
  { saved: "settled", killed: ["settleChunk", 1, "after"], jobs: ["JobComplete"], applied: 2 },
];

test.each(CASES)("restart: $saved", async ({ killed, meanwhile, jobs, applied }) => {
  const { org, folder } = await killedRun(oneChunk("insert"), killed);
  const [job] = [...org.jobs.values()];
  if (job !== undefined) meanwhile?.(job, org);
  const end = await goOn(oneChunk("insert"), { org, folder });
  expect(end.state).toBe("succeeded");
  expect([...org.jobs.values()].map(({ state }) => state)).toEqual(jobs);
  expect(org.ledger).toHaveLength(applied);
});

test("opened, closed by somebody and aborted after a row: watched, not sent again", async () => {
  const { org, folder } = await killedRun(oneChunk("insert"), ["uploadRows", 1, "after"]);
  org.faults = { job: () => ({ state: "Aborted", after: 1, error: null }) };
  for (const job of org.jobs.values()) job.state = "UploadComplete";
  const end = await goOn(oneChunk("insert"), { org, folder });
  expect(end).toMatchObject({ state: "partial", counts: { succeeded: 1, unprocessed: 1 } });
  expect(org.jobs.size).toBe(1);
  expect(org.ledger).toHaveLength(1);
});

test("uploaded, then aborted by somebody: rows are told as unprocessed, not sent again, exit 4", async () => {
  const { org, folder } = await killedRun(oneChunk(), ["closeJob", 1, "before"]);
  for (const job of org.jobs.values()) {
    job.state = "Aborted";
    job.results.unprocessed.push(...job.content);
  }
  const end = await goOn(oneChunk(), { org, folder });
  expect(end).toMatchObject({ state: "partial", ended: true, counts: { unprocessed: 2, sent: 2 } });
  expect(end.error).toMatchObject({ code: "RUN_JOB_ABORTED", exitCode: 4 });
  expect(org.jobs.size).toBe(1);
});

describe("a job that is gone", () => {
  const DAY_MS = 86_400_000;
  const resumeLater = async (
    operation: Operation,
    days: number,
    change: HandProcess["change"] = {},
    at: readonly [string, number, "before" | "after"] = ["saveChunk", 3, "after"],
  ) => {
    const run = oneChunk(operation);
    const { org, folder } = await killedRun(run, at);
    for (const job of org.jobs.values()) if (job.state === "UploadComplete") applied(org, job);
    org.jobs.clear();
    const clock = handClock();
    clock.jump(days * DAY_MS);
    const end = await goOn(run, { org, folder, clock, change });
    return { org, folder, end, run };
  };
  const applied = (org: FakeOrg, job: FakeJob) => {
    for (const [key = ""] of job.content) org.records.set(key, 1);
  };
  const answering = (org: { keys: string[] }) => async (_soql: string, file: string) =>
    writeFileSync(file, ["Key__c", ...org.keys].map((cell) => `"${cell}"\n`).join(""));

  test("younger than 7 days decides nothing: exit 7, and both ids are named", async () => {
    const { end, org } = await resumeLater("upsert", 6);
    expect(end).toMatchObject({ state: "inFlight", ended: false, counts: { inFlight: 2 } });
    expect(end.error).toMatchObject({ code: "RUN_JOB_GONE", exitCode: 7 });
    expect(end.error?.message).toMatch(/00D000000000001AAA.*750000000000000001/);
    expect(org.ledger).toHaveLength(0);
  });

  test("how old it is, is told by the org's clock and not by ours", async () => {
    const orgNow = () => Date.parse("2026-03-02T10:00:00Z");
    const { end } = await resumeLater("upsert", 300, { orgNow });
    expect(end.error).toMatchObject({ code: "RUN_JOB_GONE" });
    const later = () => Date.parse("2026-03-09T10:00:00Z");
    const { end: sent } = await resumeLater("upsert", -300, { orgNow: later });
    expect(sent).toMatchObject({ state: "succeeded", counts: { succeeded: 2 } });
  });

  test.each(["upsert", "update", "delete"] as const)(
    "%s: is sent again, and the report says so",
    async (operation) => {
      const { end } = await resumeLater(operation, 8);
      expect(end).toMatchObject({ state: "succeeded", counts: { succeeded: 2 } });
      expect(end.warnings).toEqual([
        expect.stringMatching(/750000000000000001 was gone.*2 rows were sent again/),
      ]);
    },
  );

  test("its results alone are gone: the same, when some rows failed", async () => {
    const run = oneChunk();
    const { org, folder } = await killedRun(run, ["saveChunk", 4, "after"], {
      row: (key, attempt) => (key === "b" && attempt === 1 ? "INVALID_FIELD:no:--" : null),
    });
    const [first] = [...org.jobs.keys()];
    org.faults = { ...org.faults, resultsGone: ({ id }) => id === first };
    const clock = handClock();
    clock.jump(8 * DAY_MS);
    const end = await goOn(run, { org, folder, clock });
    expect(end).toMatchObject({ state: "succeeded", counts: { succeeded: 2 } });
    expect(org.jobs.size).toBe(2);
  });

  test("its results are gone, but all rows are known to have arrived: nothing is sent", async () => {
    const { org, folder } = await killedRun(oneChunk(), ["saveChunk", 4, "after"]);
    org.faults = { resultsGone: () => true };
    const end = await goOn(oneChunk(), { org, folder });
    expect(end.counts).toMatchObject({ succeeded: 2, created: null, updated: null });
    expect(org.jobs.size).toBe(1);
  });

  test("insert: found in the org = created, not found = sent again", async () => {
    const { org, end } = await resumeLater("insert", 8, {
      queryToFile: answering({ keys: ["A "] }),
    });
    expect(org.ledger.map(({ key }) => key)).toEqual(["b"]);
    expect(end).toMatchObject({ state: "succeeded", counts: { source: 2, sent: 2, created: 2 } });
    expect(end.warnings[0]).toMatch(/1 of its rows are in the org, 1 are not and are sent again/);
  });

  test("insert: not found is sent again even where failed rows have no second round", async () => {
    const run = { ...oneChunk("insert"), change: { roundsMax: 0, parallelJobs: 1 } };
    const { org, folder } = await killedRun(run, ["saveChunk", 3, "after"]);
    org.jobs.clear();
    const clock = handClock();
    clock.jump(8 * DAY_MS);
    const change = { queryToFile: answering({ keys: [] }) };
    const end = await goOn(run, { org, folder, clock, change });
    expect(end).toMatchObject({ state: "succeeded", counts: { created: 2 } });
  });

  test("insert: an org that can't be asked leaves the rows unknown, and their keys in doubt", async () => {
    const queryToFile = async () => {
      throw refused("No such column 'Key__c'");
    };
    const { org, folder, end } = await resumeLater("insert", 8, { queryToFile });
    expect(org.ledger).toHaveLength(0);
    expect(end).toMatchObject({ state: "failed", ended: true, counts: { unknown: 2, sent: 2 } });
    expect(flagsOf(folder)).toEqual([FLAG_DOUBT, FLAG_DOUBT]);
  });

  test("insert: told --resend-unknown, rows that can't be looked up are sent again", async () => {
    const queryToFile = async () => {
      throw refused("No such column 'Key__c'");
    };
    const { org, end } = await resumeLater("insert", 8, { queryToFile, resendUnknown: true });
    expect(org.ledger).toHaveLength(2);
    expect(end.state).toBe("succeeded");
  });

  test("insert: an org that is away for a moment is asked again by the next resume", async () => {
    const queryToFile = async () => {
      throw new EngineError("SF_UNAVAILABLE", "503");
    };
    const { org, folder, run, end } = await resumeLater("insert", 8, { queryToFile });
    expect(end).toMatchObject({ state: "inFlight", ended: false });
    const clock = handClock();
    clock.jump(8 * DAY_MS);
    const change = { queryToFile: answering({ keys: ["a", "b"] }) };
    const second = await goOn(run, { org, folder, clock, change });
    expect(second).toMatchObject({ state: "succeeded", counts: { created: 2 } });
    expect(org.ledger).toHaveLength(0);
  });
});

describe("a chunk's file", () => {
  test.each(["openJob", "uploadRows"])(
    "damaged after %s was cut off, it is staged anew",
    async (name) => {
      const { org, folder } = await killedRun(oneChunk(), [name, 1, "before"]);
      writeFileSync(chunkFile(folder, "chunk-0000.csv"), "Key__c,Name\nx,y\n");
      const end = await goOn(oneChunk(), { org, folder });
      expect(end.state).toBe("succeeded");
      expect(org.ledger.map(({ key }) => key)).toEqual(["a", "b"]);
    },
  );

  test("damaged, and the source is gone: nothing of it is sent; partial, exit 7", async () => {
    const { org, folder } = await killedRun(oneChunk(), ["openJob", 1, "before"]);
    rmSync(chunkFile(folder, "chunk-0000.csv"));
    const stage = () =>
      // biome-ignore lint/correctness/useYield: a source that is gone gives nothing.
      async function* gone() {
        throw new EngineError("SOURCE_CHANGED", "things.csv can't be opened any more.");
      };
    const end = await goOn(oneChunk(), { org, folder, stage });
    expect(end).toMatchObject({ state: "partial", ended: true, counts: { pending: 2, sent: 0 } });
    expect(end.error).toMatchObject({ exitCode: 7 });
    expect(org.ledger).toHaveLength(0);
  });

  test("of a further round is written again from the chunk of the round before", async () => {
    const { org, folder } = await killedRun(oneChunk(), ["openJob", 2, "before"], {
      row: (key, attempt) => (key === "b" && attempt === 1 ? "UNABLE_TO_LOCK_ROW:busy:--" : null),
    });
    writeFileSync(chunkFile(folder, "chunk-0001.csv"), "");
    const end = await goOn(oneChunk(), { org, folder });
    expect(end).toMatchObject({ state: "succeeded", counts: { succeeded: 2, failed: 0 } });
    expect(org.ledger.map(({ key }) => key)).toEqual(["a", "b"]);
  });
});

test("the source changes in pass 2: what was opened is finished, the rest waits for the next run", async () => {
  const rows = Array.from({ length: 8 }, (_, i) => [`k${i}`, "x"]);
  const run: HandRun = { operation: "upsert", columns: ["Key__c", "Name"], rows, chunkRows: 2 };
  const org = fakeOrg("Key__c");
  const end = await goOn(run, {
    org,
    folder: stateFolder(),
    stage: (stage) =>
      async function* cut(wanted) {
        for await (const staged of stage(wanted)) {
          if (staged.index === 2) throw new EngineError("SOURCE_CHANGED", "rows.csv has changed.");
          yield staged;
        }
      },
  });
  expect(end).toMatchObject({ state: "partial", ended: true });
  expect(end.counts).toMatchObject({ source: 8, sent: 4, succeeded: 4, pending: 4, inFlight: 0 });
  expect(end.error).toMatchObject({ code: "SOURCE_CHANGED", exitCode: 7 });
  expect(org.ledger).toHaveLength(4);
});

/** Runs until it is killed. */
async function killedRun(
  run: HandRun,
  [name, nth, when]: readonly [string, number, "before" | "after"],
  faults: Parameters<typeof fakeOrg>[1] = {},
): Promise<{ org: FakeOrg; folder: string }> {
  const org = fakeOrg(run.columns[0] ?? "", faults);
  const folder = stateFolder();
  const kill = killAtNamed(name, nth, when);
  const end: RunEnd | "killed" = await Promise.race([
    goOn(run, { org, folder, effect: kill.effect }),
    kill.death,
  ]);
  expect(end).toBe("killed");
  return { org, folder };
}

function chunkFile(folder: string, name: string): string {
  return path.join(folder, "runs", readdirSync(path.join(folder, "runs"))[0] ?? "", name);
}

function flagsOf(folder: string): number[] {
  const place = path.join(folder, "fingerprints");
  return readdirSync(place).flatMap((name) => {
    const segment = openSegment(path.join(place, name));
    const flags = [...readWholeSegment(segment).flags];
    segment.close();
    return flags;
  });
}
