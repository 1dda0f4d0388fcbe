import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { newUuid } from "../base/ids.ts";
import { murmur128 } from "../base/murmur.ts";
import { type IdTable, newIdTable } from "../delta/resolved-ids.ts";
import { foldKey } from "../mapping/fold-key.ts";
import { eachResult } from "../run/result-rows.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** For update and delete by an external id: asks the org once, by a Bulk query, for the Id of every
 *  key. Null where the spec's key is what the job is keyed by. */
export async function resolveIds(
  prepared: PreparedSync,
  deps: EngineDeps,
): Promise<IdTable | null> {
  const { spec, program, shape, org } = prepared;
  const { operation, externalId } = spec.target;
  const key = program.keyColumn === null ? undefined : program.columns[program.keyColumn];
  if (operation !== "update" && operation !== "delete") return null;
  if (externalId === null || key === undefined || key === "Id" || program.keyKind === null)
    return null;
  const folder = path.join(deps.project.stateFolder, "tmp");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `ids-${newUuid()}.csv`);
  try {
    await org.queryToFile(
      `SELECT Id, ${key} FROM ${shape.name} WHERE ${key} != null`,
      file,
      deps.signal,
    );
    const table = newIdTable();
    const digest = new Uint32Array(4);
    const kind = program.keyKind;
    await eachResult(file, (cell) => {
      const bytes = new TextEncoder().encode(foldKey(cell(key), kind));
      murmur128(bytes, 0, bytes.length, 0, digest, 0);
      table.add(digest, cell("Id"));
    });
    return table;
  } finally {
    rmSync(file, { force: true });
  }
}
