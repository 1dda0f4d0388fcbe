import { mkdirSync } from "node:fs";
import path from "node:path";
import Libsql from "libsql";

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/**
 * The few things the emulator does with SQLite, each synchronous: no other work runs inside one.
 */
export interface Database {
  run(sql: string, ...params: SqlValue[]): number;
  get(sql: string, ...params: SqlValue[]): SqlRow | undefined;
  all(sql: string, ...params: SqlValue[]): SqlRow[];
  exec(sql: string): void;
  /** Runs `work` in one write transaction; rolls back when it throws. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Another process may hold the file for the length of one 200-row group; this is far longer. */
const BUSY_TIMEOUT_MS = 30_000;
/**
 * Statements are kept ready. Row writing makes one a set of columns, so the number must be bounded.
 */
const STATEMENTS_MAX = 600;

/** Opens (and at first use creates) the org's database. Two processes may have it open at once. */
export function openDatabase(dir: string): Database {
  mkdirSync(dir, { recursive: true });
  const sqlite = new Libsql(path.join(dir, "org.db"), { timeout: BUSY_TIMEOUT_MS });
  // WAL survives a killed process; NORMAL gives up only the last commits of a power cut.
  sqlite.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;",
  );
  const statements = new Map<string, Libsql.Statement>();

  const prepare = (sql: string): Libsql.Statement => {
    const ready = statements.get(sql);
    if (ready !== undefined) return ready;
    if (statements.size >= STATEMENTS_MAX) statements.clear();
    const made = sqlite.prepare(sql);
    statements.set(sql, made);
    return made;
  };

  return {
    run: (sql, ...params) => prepare(sql).run(...params).changes,
    get: (sql, ...params) => prepare(sql).get(...params) as SqlRow | undefined,
    all: (sql, ...params) => prepare(sql).all(...params) as SqlRow[],
    exec: (sql) => {
      statements.clear();
      sqlite.exec(sql);
    },
    transaction: (work) => {
      prepare("BEGIN IMMEDIATE").run();
      try {
        const result = work();
        prepare("COMMIT").run();
        return result;
      } catch (error) {
        prepare("ROLLBACK").run();
        throw error;
      }
    },
    close: () => {
      statements.clear();
      sqlite.close();
    },
  };
}

/** Text of a column that is never null by its schema. */
export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

/** Number of a column that is never null by its schema. */
export function numberOf(row: SqlRow, column: string): number {
  return Number(row[column] ?? 0);
}
