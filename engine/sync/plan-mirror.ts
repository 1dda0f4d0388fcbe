import type { KeyList } from "../delta/key-list.ts";
import type { SourceReading } from "../delta/read-source.ts";
import { type ConstantCells, constantCells } from "../mapping/constant-cells.ts";
import { sameMapping } from "../plan/mapping-changes.ts";
import type { ChunkCut, MirrorPlan, RunPlan } from "../plan/sync-plan.ts";
import { csvLine } from "../run/csv-line.ts";
import { type DepartedRecords, NO_RECORDS } from "../run/stage-mirror.ts";
import { digestOf } from "../source/block-digests.ts";
import type { RunRow } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { findDeparted } from "./find-departed.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** What `mirror` would delete or update, and what makes the source too doubtful for it. */
export interface PlannedMirror {
  readonly plan: MirrorPlan;
  readonly doubts: readonly string[];
  readonly records: DepartedRecords;
  /** What each of them gets; no columns where they are deleted. */
  readonly constants: ConstantCells;
  readonly digest: string;
}

/** Looks up the records of the keys that left the source, with one Bulk query. Null for a sync without
 *  `mirror`. `before` is the last run that read the source. */
export async function planMirror(
  prepared: PreparedSync,
  departed: KeyList,
  reading: SourceReading,
  before: RunRow | null,
  deps: EngineDeps,
): Promise<PlannedMirror | null> {
  const { spec, program } = prepared;
  const { mirror } = spec;
  if (mirror === null || program.keyKind === null) return null;
  const constants = constantCells(prepared, mirror.action === "update" ? mirror.mapping : []);
  const fields = constants.columns;
  const nothing = { deletes: 0, updates: 0, fields, alreadyGone: 0, heldBack: null, chunks: [] };
  const none = { plan: nothing, doubts: [], records: NO_RECORDS, constants, digest: "" };
  if (departed.count === 0) return none;
  const heldBack = whatHoldsBack(reading, constants);
  if (heldBack !== null) return { ...none, plan: { ...nothing, heldBack } };
  const { records, keysFound } = await findDeparted(prepared, departed, deps);
  const { count, words } = records;
  const plan = {
    ...nothing,
    ...(mirror.action === "delete" ? { deletes: count } : { updates: count }),
    alreadyGone: departed.count - keysFound,
    chunks: cutsOf(count, constants, spec.chunk),
  };
  const digest = digestOf(new Uint8Array(words.buffer));
  return { plan, doubts: doubtsOf(prepared, reading, before), records, constants, digest };
}

function whatHoldsBack({ decisions }: SourceReading, constants: ConstantCells): string | null {
  const { invalid } = decisions.counts;
  if (invalid === 0) return constants.problem;
  // An invalid row's key is not known, so it can't be told from one that left.
  return `${invalid} rows are invalid, and each may hold a key that seems to be missing`;
}

const ID_SHOWN = "003000000000001AAA";

/** Every row has the same bytes but for its Id. */
function cutsOf(
  records: number,
  { columns, cells }: ConstantCells,
  { bytesMax, rowsMax }: PreparedSync["spec"]["chunk"],
): ChunkCut[] {
  const headerBytes = Buffer.byteLength(csvLine(["Id", ...columns]));
  const rowBytes = Buffer.byteLength(csvLine([ID_SHOWN, ...cells]));
  const most = Math.max(1, Math.min(rowsMax, Math.floor((bytesMax - headerBytes) / rowBytes)));
  const cuts: ChunkCut[] = [];
  for (let left = records; left > 0; left -= most) {
    const rows = Math.min(left, most);
    cuts.push({ rows, bytes: headerBytes + rows * rowBytes });
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
