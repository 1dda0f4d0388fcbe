import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { newUuid } from "../base/ids.ts";
import { murmurHex } from "../base/murmur.ts";
import type { SourceReading } from "../delta/read-source.ts";
import { keyDigestOf } from "../mapping/key-digest.ts";
import { sameMapping } from "../plan/mapping-changes.ts";
import type { ChunkCut, MirrorPlan, RunPlan } from "../plan/sync-plan.ts";
import { eachResult } from "../run/result-rows.ts";
import { type DepartedRecord, keyHex } from "../run/stage-mirror.ts";
import type { RunRow } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** What `mirror` would delete, and what makes the source too doubtful for it. */
export interface PlannedMirror {
  readonly plan: MirrorPlan;
  readonly doubts: readonly string[];
  readonly records: readonly DepartedRecord[];
  /** Keys that left the source and have no record any more: they are forgotten with the others. */
  readonly digest: string;
}

/** Keeps the keys that left the source, as digests: the state knows no others. */
export function newDeparted() {
  const keys = new Set<string>();
  return {
    keys,
    add: (words: Uint32Array, at: number) => void keys.add(keyHex(words, at)),
  };
}

/** Looks up the records of the keys that left the source, with one Bulk query. Null for a sync without
 *  `mirror`. `before` is the last run that read the source. */
export async function planMirror(
  prepared: PreparedSync,
  departed: ReadonlySet<string>,
  reading: SourceReading,
  before: RunRow | null,
  deps: EngineDeps,
): Promise<PlannedMirror | null> {
  const { spec, program } = prepared;
  if (!spec.mirror || program.keyKind === null) return null;
  const nothing = { deletes: 0, alreadyGone: 0, heldBack: null, chunks: [] };
  if (departed.size === 0) return { plan: nothing, doubts: [], records: [], digest: "" };
  const { invalid } = reading.decisions.counts;
  if (invalid > 0) {
    // An invalid row's key is not known, so it can't be told from one that left.
    const heldBack = `${invalid} rows are invalid, and each may hold a key that seems to be missing`;
    return { plan: { ...nothing, heldBack }, doubts: [], records: [], digest: "" };
  }
  const records = await findRecords(prepared, departed, deps);
  const plan = {
    deletes: records.length,
    alreadyGone: departed.size - new Set(records.map(({ key }) => key)).size,
    heldBack: null,
    chunks: cutsOf(records.length, spec.chunk.rowsMax),
  };
  const digest = murmurHex(records.map(({ id }) => id).join(" "));
  return { plan, doubts: doubtsOf(prepared, reading, before), records, digest };
}

async function findRecords(
  { shape, program, org }: PreparedSync,
  departed: ReadonlySet<string>,
  deps: EngineDeps,
): Promise<DepartedRecord[]> {
  const key = program.columns[program.keyColumn ?? 0] ?? "Id";
  const kind = program.keyKind ?? "text";
  const folder = path.join(deps.project.stateFolder, "tmp");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `mirror-${newUuid()}.csv`);
  const soql =
    key === "Id"
      ? `SELECT Id FROM ${shape.name}`
      : `SELECT Id, ${key} FROM ${shape.name} WHERE ${key} != null`;
  try {
    await org.queryToFile(soql, file, deps.signal);
    const records: DepartedRecord[] = [];
    await eachResult(file, (cell) => {
      const digest = keyHex(keyDigestOf(cell(key), kind), 0);
      if (departed.has(digest)) records.push({ key: digest, id: cell("Id") });
    });
    // By Id, so that the same plan made twice is the same plan.
    return records.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  } finally {
    rmSync(file, { force: true });
  }
}

const HEADER_BYTES = "Id\n".length;
const ROW_BYTES = 18 + 1;

function cutsOf(records: number, rowsMax: number): ChunkCut[] {
  const cuts: ChunkCut[] = [];
  for (let left = records; left > 0; left -= rowsMax) {
    const rows = Math.min(left, rowsMax);
    cuts.push({ rows, bytes: HEADER_BYTES + rows * ROW_BYTES });
  }
  return cuts;
}

/** What looks as if the source, not the world, had lost rows. */
function doubtsOf(
  { spec, program, files }: PreparedSync,
  { digests }: SourceReading,
  before: RunRow | null,
): string[] {
  const doubts: string[] = [];
  for (const file of files) {
    if ((digests[file.index]?.rowCount ?? 0) === 0) doubts.push(`${file.shown} has no rows`);
  }
  const last = before?.plan as RunPlan | undefined;
  if (last === undefined) {
    doubts.push("no run is on record that the source could be compared with");
    return doubts;
  }
  const now = new Set(files.map(({ shown }) => shown));
  const lost = last.plan.sources.filter(({ file }) => !now.has(file));
  // Names that change from day to day are no loss while there are as many.
  if (files.length < last.plan.sources.length) {
    doubts.push(`${lost.map(({ file }) => file).join(", ")} of the last run is gone`);
  }
  const keyName = program.columns[program.keyColumn ?? 0]?.toLowerCase();
  const keyOf = (mapping: typeof spec.mapping) =>
    mapping.find(({ field }) => field.toLowerCase() === keyName);
  const [was, is] = [keyOf(last.mapping.spec.mapping), keyOf(spec.mapping)];
  if (was !== undefined && is !== undefined && !sameMapping(was, is)) {
    doubts.push(
      `the key comes from elsewhere than in the last run (${was.from ?? "an expression"})`,
    );
  }
  if (last.mapping.spec.where !== spec.where)
    doubts.push("`where` is another than in the last run");
  return doubts;
}
