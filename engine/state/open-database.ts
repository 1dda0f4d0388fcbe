import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import Database from "libsql";
import { makeFolder } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { SCHEMA_STEPS, SCHEMA_VERSION } from "./schema.ts";
import { transaction } from "./transaction.ts";

export type SqliteDatabase = InstanceType<typeof Database>;

/** Opens (or makes) the state file in `folder`. WAL with synchronous FULL: what a transaction saved
 *  survives a power cut. Throws STATE_UNUSABLE, STATE_CORRUPT or STATE_NEWER. */
export function openDatabase(folder: string): SqliteDatabase {
  const file = path.join(folder, "state.db");
  try {
    makeFolder(folder);
    requireNotLost(folder, file);
    const database = new Database(file);
    database.pragma(`busy_timeout = ${BUSY_WAIT_MS}`);
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.pragma(`cache_size = -${CACHE_KIB}`);
    upgrade(database, file);
    return database;
  } catch (error) {
    throw stateError(error, file);
  }
}

/** Says what is wrong with the state file, for any error that SQLite or the disk raised. */
export function stateError(error: unknown, file: string): EngineError {
  if (error instanceof EngineError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = String((error as { code?: unknown }).code ?? "");
  if (/malformed|not a database|corrupt/i.test(text)) {
    return new EngineError("STATE_CORRUPT", `${file} is no sound state file: ${text}.`, {
      hint: "Restore it from a backup, or move the state folder away to begin anew.",
      cause: error,
    });
  }
  const why = /full|ENOSPC/i.test(text + code) ? "the disk is full" : text;
  return new EngineError("STATE_UNUSABLE", `${file} can't be used: ${why}.`, {
    hint: "Make the folder writable and leave room on the disk, or name another with --state.",
    cause: error,
  });
}

const BUSY_WAIT_MS = 30_000;
const CACHE_KIB = 8192;

/** Brings an older or empty file up to date, in one transaction; touches nothing of a newer one. */
function upgrade(database: SqliteDatabase, file: string): void {
  const found = versionOf(database);
  if (found === SCHEMA_VERSION) return;
  if (found > SCHEMA_VERSION) {
    throw new EngineError(
      "STATE_NEWER",
      `${file} has format ${found}; this Sluice reads up to ${SCHEMA_VERSION}.`,
      { hint: "Use the Sluice version that wrote it, or name another folder with --state." },
    );
  }
  transaction(database, () => {
    // Another process may have done it between the look and the lock.
    for (const step of SCHEMA_STEPS.slice(versionOf(database))) database.exec(step);
    database
      .prepare("insert or replace into meta (name, value) values ('version', ?)")
      .run(String(SCHEMA_VERSION));
  });
}

/** 0 for an empty file. */
function versionOf(database: SqliteDatabase): number {
  const table = database.prepare("select 1 from sqlite_master where name = 'meta'").get();
  if (table === undefined) return 0;
  const row = database.prepare("select value from meta where name = 'version'").get() as
    | { value: string }
    | undefined;
  return row === undefined ? 0 : Number(row.value);
}

/** Fingerprints without a state file: somebody removed it, or a copy was cut off. A new file would
 *  take every key for a new one, and an insert would make all records a second time. */
function requireNotLost(folder: string, file: string): void {
  if (existsSync(file) && statSync(file).size > 0) return;
  const prints = path.join(folder, "fingerprints");
  const lost = existsSync(prints) && readdirSync(prints).some((name) => name.endsWith(".seg"));
  if (!lost) return;
  throw new EngineError("STATE_CORRUPT", `${file} is missing or empty, but ${prints} is not.`, {
    hint: "Restore the state file from a backup, or move the whole state folder away to begin anew.",
  });
}
