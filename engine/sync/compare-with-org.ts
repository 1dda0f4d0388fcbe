import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { newUuid } from "../base/ids.ts";
import { murmur128 } from "../base/murmur.ts";
import { DECIDED_UNCHANGED, isSent } from "../delta/decision.ts";
import { PART_SHIFT, PARTS } from "../delta/fingerprints.ts";
import { KEY_WORDS, newKeyList } from "../delta/key-list.ts";
import { newPartBuffers } from "../delta/part-buffers.ts";
import { keyDigestOf } from "../mapping/key-digest.ts";
import type { OrgView } from "../plan/sync-plan.ts";
import { eachResult } from "../run/result-rows.ts";
import { type ComparedColumn, comparedColumns, selectOf } from "./compared-columns.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PlannedSync } from "./plan-sync.ts";
import { plannedRows } from "./planned-rows.ts";

/** Asks the org, by one Bulk query, what every record with a key holds, and holds the source against
 *  it. Both sides wait in parts by key, on disk when they are many: memory is bounded. Null where
 *  rows have no key. */
export async function compareWithOrg(
  planned: PlannedSync,
  deps: EngineDeps,
): Promise<OrgView | null> {
  const { prepared, plan, runPlan } = planned;
  const { program, shape, org } = prepared;
  const key = program.keyColumn === null ? undefined : program.columns[program.keyColumn];
  if (key === undefined || program.keyKind === null) return null;
  const kind = program.keyKind;
  const columns = comparedColumns(prepared);
  const width = columns.length;
  const folder = path.join(deps.project.stateFolder, "tmp");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `compare-${newUuid()}.csv`);
  const buffer = { folder, bytesMax: BUFFER_BYTES_MAX };
  const records = newPartBuffers({ ...buffer, wordsPerRow: 4 + width });
  const rows = newPartBuffers({ ...buffer, wordsPerRow: 5 + width });
  try {
    await org.queryToFile(
      selectOf(shape.name, key, columns, key === "Id" ? "Id != null" : `${key} != null`),
      file,
      deps.signal,
    );
    const record = new Uint32Array(4 + width);
    await eachResult(file, (cell) => {
      record.set(keyDigestOf(cell(key), kind));
      columns.forEach(({ soql, form }, i) => {
        record[4 + i] = soql === null ? 0 : digestOf(form(cell(soql)));
      });
      records.add((record[0] ?? 0) >>> PART_SHIFT, record);
    });
    const places = columns.map(({ name }) => runPlan.columns.indexOf(name));
    const compared = (_: number, decision: number) =>
      isSent(decision) || decision === DECIDED_UNCHANGED;
    const row = new Uint32Array(5 + width);
    for await (const { keys, keyAt, cells, decision } of plannedRows(planned, compared, deps)) {
      for (let i = 0; i < 4; i++) row[i] = keys[keyAt + i] ?? 0;
      row[4] = decision;
      columns.forEach(({ soql, form }, i) => {
        const cell = cells[places[i] ?? -1] ?? "";
        // A blank keeps what the field holds.
        row[5 + i] = soql === null || cell === "" ? 0 : digestOf(form(cell));
      });
      rows.add((row[0] ?? 0) >>> PART_SHIFT, row);
    }
    return joinParts(rows, records, columns, plan.operation === "delete");
  } finally {
    records.close();
    rows.close();
    rmSync(file, { force: true });
  }
}

const BUFFER_BYTES_MAX = 24_000_000;

type Parts = ReturnType<typeof newPartBuffers>;

function joinParts(
  rows: Parts,
  records: Parts,
  columns: readonly ComparedColumn[],
  deletes: boolean,
): OrgView {
  const width = columns.length;
  const view = { create: 0, update: 0, same: 0, drifted: 0, gone: 0 };
  const drift = new Map<string, number>();
  for (let part = 0; part < PARTS; part++) {
    const held = records.rows(part);
    const table = newKeyList(1);
    for (let at = 0; at < held.length; at += 4 + width) {
      table.setWord(table.add(held, at), KEY_WORDS, at);
    }
    const own = rows.rows(part);
    for (let at = 0; at < own.length; at += 5 + width) {
      const sent = isSent(own[at + 4]);
      const found = table.find(own, at);
      if (deletes) {
        if (found >= 0) view[sent ? "update" : "drifted"]++;
        else if (sent) view.same++;
        continue;
      }
      if (found < 0) {
        view[sent ? "create" : "gone"]++;
        continue;
      }
      const place = table.word(found, KEY_WORDS);
      const differing = columns.filter((_, i) => {
        const wanted = own[at + 5 + i] ?? 0;
        return wanted !== 0 && wanted !== held[place + 4 + i];
      });
      if (differing.length === 0) {
        if (sent) view.same++;
      } else if (sent) {
        view.update++;
      } else {
        view.drifted++;
        for (const { name } of differing) drift.set(name, (drift.get(name) ?? 0) + 1);
      }
    }
  }
  return { ...view, fields: Object.fromEntries(drift) };
}

const encoder = new TextEncoder();
const words = new Uint32Array(4);

/** 32 bits, never 0: that stands for "not compared". */
function digestOf(text: string): number {
  const bytes = encoder.encode(text);
  murmur128(bytes, 0, bytes.length, 0, words, 0);
  return words[0] || 1;
}
