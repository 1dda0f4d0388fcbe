/** The tables of the state file, one step a version. A step is never edited once released: a new one
 *  brings the former up to date. */
export const SCHEMA_STEPS: readonly string[] = [
  `
create table if not exists meta (name text primary key, value text not null) strict;
create table if not exists streams (
  id integer primary key,
  sync text not null, org_id text not null, object text not null, operation text not null,
  key_field text not null,              -- '' for a sync without a key
  serial integer not null default 0,
  mapping_digest text, columns text,
  unique (sync, org_id, object, operation, key_field)
) strict;
create table if not exists leases (
  stream_id integer primary key references streams (id),
  epoch integer not null, owner text not null, held integer not null,
  host text not null, boot_id text not null, pid integer not null, started_at text not null,
  heartbeat integer not null
) strict;
create table if not exists runs (
  id text primary key,
  stream_id integer not null references streams (id),
  sync text not null, org text not null, org_id text not null, command text not null,
  folder text not null, plan text not null, started_at text not null,
  state text not null default 'running', ended integer not null default 0,
  staged integer not null default 0,
  counts text, files text not null default '{"failed":null,"invalid":null}',
  api_calls integer not null default 0, elapsed_ms integer not null default 0,
  ended_at text, error text, warnings text not null default '[]'
) strict;
create index if not exists runs_by_stream on runs (stream_id, ended);
create table if not exists chunks (
  run_id text not null references runs (id), idx integer not null,
  round integer not null, rows integer not null, bytes integer not null, digest text not null,
  phase text not null default 'planned', job_id text, attempts integer not null default 0,
  job text, counts text, problem text,
  primary key (run_id, idx)
) strict;
create table if not exists segments (
  id integer primary key, stream_id integer not null references streams (id),
  file text not null, rows integer not null
) strict;
`,
  `
-- What the chunk is of: 'first' sending, rows that failed for a passing reason, rows without parent.
alter table chunks add column kind text not null default 'first';
-- The file that names the rows that did not arrive: null until settled, and when all arrived.
alter table chunks add column misses text;
`,
  `
-- What the last whole reading of a stream's source came to, when nothing of it is left to do.
create table if not exists readings (
  stream_id integer primary key references streams (id), reading text not null
) strict;
`,
];

/** The version that this program writes, and the latest that it can read. */
export const SCHEMA_VERSION = SCHEMA_STEPS.length;
