import type { Database } from "./database.ts";

/**
 * Tables beside the records. A row of `groups` is one committed 200-row group of a job: what became
 * of each row, as a JSON list of `[action, id, key, error]`. It is only ever appended, in the
 * transaction that changed the records. `ledger` reads it as one line a row that was applied: a row
 * applied twice would be there twice.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sequences (prefix TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, used_ms INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, operation TEXT NOT NULL, object TEXT NOT NULL,
  created_ms INTEGER NOT NULL, modstamp_ms INTEGER NOT NULL, state TEXT NOT NULL,
  external_id TEXT, assignment_rule TEXT, api_version TEXT NOT NULL,
  line_ending TEXT NOT NULL, delimiter TEXT NOT NULL, query TEXT,
  uploaded INTEGER, uploads INTEGER NOT NULL DEFAULT 0,
  total_rows INTEGER, next_row INTEGER NOT NULL DEFAULT 0, next_offset INTEGER NOT NULL DEFAULT 0,
  processed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0, total_ms INTEGER NOT NULL DEFAULT 0, api_ms INTEGER NOT NULL DEFAULT 0,
  error TEXT, owner TEXT, heartbeat_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state);
CREATE TABLE IF NOT EXISTS groups (
  seq INTEGER PRIMARY KEY, job_id TEXT NOT NULL, first_row INTEGER NOT NULL, outcomes TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS groups_by_job ON groups (job_id, first_row);
CREATE VIEW IF NOT EXISTS ledger AS
  SELECT g.seq * 1000 + e.key AS seq, g.job_id AS job_id, g.first_row + e.key AS row,
    json_extract(e.value, '$[2]') AS key, json_extract(e.value, '$[0]') AS action,
    json_extract(e.value, '$[1]') AS id
  FROM groups g, json_each(g.outcomes) e
  WHERE json_extract(e.value, '$[0]') <> 'failed';
CREATE TABLE IF NOT EXISTS fault_hits (
  rule TEXT NOT NULL, subject TEXT NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY (rule, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (
  id TEXT PRIMARY KEY, soql TEXT NOT NULL, every_row INTEGER NOT NULL, total INTEGER NOT NULL
) WITHOUT ROWID;
`;

export function createTables(db: Database): void {
  db.exec(SCHEMA);
}

/** Reads a remembered text, or remembers what `make` gives: the first of two processes wins. */
export function remember(db: Database, key: string, make: () => string): string {
  db.run("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", key, make());
  return readMeta(db, key) ?? "";
}

export function readMeta(db: Database, key: string): string | undefined {
  const value = db.get("SELECT value FROM meta WHERE key = ?", key)?.value;
  return typeof value === "string" ? value : undefined;
}

export function writeMeta(db: Database, key: string, value: string): void {
  db.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value);
}

/**
 * Takes `count` numbers of a sequence. Inside a transaction a roll-back gives them back too, so
 * nothing may keep a block beyond its transaction.
 */
export function takeNumbers(db: Database, prefix: string, count: number): number {
  const row = db.get(
    `INSERT INTO sequences (prefix, next) VALUES (?, ? + 1)
     ON CONFLICT (prefix) DO UPDATE SET next = next + ? RETURNING next`,
    prefix,
    count,
    count,
  );
  return Number(row?.next ?? 1) - count;
}

/** Gives one number after the other, taken from the database a block at a time. */
export interface NumberSource {
  next(prefix: string): number;
  /** Must be called at the start of every transaction: a roll-back has given the block back. */
  reset(): void;
}

export function makeNumberSource(db: Database, blockSize: number): NumberSource {
  const blocks = new Map<string, { next: number; readonly end: number }>();
  return {
    reset: () => blocks.clear(),
    next: (prefix) => {
      let block = blocks.get(prefix);
      if (block === undefined || block.next >= block.end) {
        const start = takeNumbers(db, prefix, blockSize);
        block = { next: start, end: start + blockSize };
        blocks.set(prefix, block);
      }
      block.next += 1;
      return block.next - 1;
    },
  };
}
