/** What starts functions by itself, each time that it did, and the days on which schedules rest. */
export const triggerTables = `
  CREATE TABLE triggers (
    id       TEXT PRIMARY KEY,
    function TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    topic    TEXT NOT NULL,    -- path, name of the event, or function whose runs it waits for
    settings TEXT NOT NULL,    -- JSON
    is_on    INTEGER NOT NULL DEFAULT 0,
    proof    TEXT,             -- HTTP: SHA-256 of the key, or the encrypted secret
    proof_ending TEXT,         -- its last four characters
    handled  INTEGER,          -- schedule: the time up to which nothing is owed
    next_at  INTEGER,          -- schedule: the next time, where it is on
    updated  TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX triggers_by_function ON triggers (function, id);
  CREATE INDEX triggers_by_topic ON triggers (kind, topic);
  CREATE UNIQUE INDEX triggers_by_path ON triggers (topic) WHERE kind = 'hook';
  CREATE INDEX triggers_due ON triggers (next_at) WHERE next_at IS NOT NULL;

  CREATE TABLE trigger_firing (
    id         TEXT PRIMARY KEY, -- ULID
    trigger_id TEXT NOT NULL REFERENCES triggers (id) ON DELETE CASCADE,
    key        TEXT,             -- the same key is the same firing: a time, a run, a caller's key
    input_hash TEXT,             -- of what came with the key
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL,    -- waiting, started, skipped, refused
    input      TEXT,             -- JSON, as long as it waits
    reason     TEXT,             -- JSON: why it was skipped or refused
    run_id     TEXT,
    depth      INTEGER NOT NULL  -- how many functions followed each other up to here
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX trigger_firing_once ON trigger_firing (trigger_id, key) WHERE key IS NOT NULL;
  CREATE INDEX trigger_firing_by_trigger ON trigger_firing (trigger_id, id);
  CREATE INDEX trigger_firing_waiting ON trigger_firing (trigger_id, id) WHERE state = 'waiting';
  CREATE INDEX trigger_firing_by_run ON trigger_firing (run_id) WHERE run_id IS NOT NULL;

  -- Runs whose end other functions wait for and have not been told of yet.
  CREATE TABLE run_end (run_id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE INDEX run_open_by_trigger ON run (trigger_id) WHERE trigger_id IS NOT NULL AND finished IS NULL;

  CREATE TABLE holidays (
    date TEXT PRIMARY KEY, -- 2026-12-25
    name TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`
