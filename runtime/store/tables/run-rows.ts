/**
 * A run's row holds its steps, some kilobytes of text. In a table with row ids such a row stays in one page; without, as
 * before, SQLite moved whatever was longer than a quarter of a page into pages of its own.
 */
export const runRows = `
  CREATE TABLE run_row (
    id               TEXT NOT NULL PRIMARY KEY,
    function_name    TEXT NOT NULL,
    version          TEXT NOT NULL,
    trigger          TEXT NOT NULL,
    status           TEXT NOT NULL,
    input            TEXT NOT NULL,
    -- The steps up to the first effect where they share a commit with the acceptance, and those since the last
    -- record, written together with the end: most runs need no row in \`record\`.
    first_steps      TEXT,
    last_steps       TEXT,
    output           TEXT,
    error            TEXT,
    cancelled        INTEGER NOT NULL DEFAULT 0,
    created          INTEGER NOT NULL,
    finished         INTEGER,
    dry_run          TEXT,
    wake_at          INTEGER, -- NULL: it is in memory, or over
    parked_at        INTEGER, -- when it left the memory; NULL also where an older store did not say
    wakes_on_receipt INTEGER, -- 1: a receipt wakes it before its time
    caller_run       TEXT,
    caller_path      TEXT,
    caller_depth     INTEGER, -- 1: called by a run that nobody called
    trigger_id       TEXT,    -- NULL: a person, a program or another run started it
    source_run       TEXT,
    source_kind      TEXT     -- again | retry | on-error; of the last two, a run has one each
  );
  INSERT INTO run_row (id, function_name, version, trigger, status, input, first_steps, last_steps, output, error, cancelled,
      created, finished, dry_run, wake_at, wakes_on_receipt, caller_run, caller_path, caller_depth, trigger_id, source_run,
      source_kind)
    SELECT id, function_name, version, trigger, status, input, first_steps, last_steps, output, error, cancelled, created,
      finished, dry_run, wake_at, wakes_on_receipt, caller_run, caller_path, caller_depth, trigger_id, source_run, source_kind
    FROM run ORDER BY id;
  DROP TABLE run;
  ALTER TABLE run_row RENAME TO run;
  CREATE INDEX run_open ON run (id) WHERE finished IS NULL;
  CREATE INDEX run_by_function ON run (function_name, id);
  CREATE INDEX run_exception ON run (id, function_name, status)
    WHERE status <> 'running' AND status <> 'queued' AND status <> 'done';
  CREATE INDEX run_parked ON run (wake_at, parked_at) WHERE wake_at IS NOT NULL AND finished IS NULL;
  CREATE UNIQUE INDEX run_called ON run (caller_run, caller_path) WHERE caller_run IS NOT NULL;
  CREATE INDEX run_by_source ON run (source_run, source_kind) WHERE source_run IS NOT NULL;
  CREATE INDEX run_open_by_trigger ON run (trigger_id) WHERE trigger_id IS NOT NULL AND finished IS NULL;
`
