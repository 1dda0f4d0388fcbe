import type { SqliteDatabase } from "./open-database.ts";

/** All or nothing. Immediate: the write lock is taken before anything is read, so nobody can take a
 *  lease over in between. Not libsql's own `transaction`: where SQLite has rolled back by itself, as on
 *  a full disk, that one fails at its own rollback and hides the reason. */
export function transaction<T>(database: SqliteDatabase, action: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = action();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
