/**
 * What was done, and what is about to be done. Times are milliseconds since 1970, JSON is text.
 * Run ids are ULIDs: inserts stay at the right edge of the tree and the newest run is the last row.
 */
export const ledgerTables = `
  -- Every graph that was ever run, by the hash of its content. Never changed: a run is pinned to one.
  CREATE TABLE graph_version (
    hash    TEXT PRIMARY KEY,
    graph   TEXT NOT NULL,
    created INTEGER NOT NULL
  );

  CREATE TABLE run (
    id            TEXT PRIMARY KEY,
    function_name TEXT NOT NULL,
    version       TEXT NOT NULL,
    trigger       TEXT NOT NULL,
    status        TEXT NOT NULL,
    input         TEXT NOT NULL,
    -- The steps up to the first effect where they share a commit with the acceptance, and those since the last
    -- record, written together with the end: most runs need no row in \`record\`.
    first_steps   TEXT,
    last_steps    TEXT,
    output        TEXT,
    error         TEXT,
    cancelled     INTEGER NOT NULL DEFAULT 0,
    created       INTEGER NOT NULL,
    finished      INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX run_open ON run (id) WHERE finished IS NULL;
  CREATE INDEX run_by_function ON run (function_name, id);

  -- One row for all steps since the run's last row: pure steps ride along with the next effect.
  CREATE TABLE record (
    run_id TEXT NOT NULL REFERENCES run (id),
    number INTEGER NOT NULL,
    steps  TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
  ) WITHOUT ROWID;

  -- This person gets this text from this step. (run_id, number) is the message's id.
  CREATE TABLE message (
    run_id      TEXT NOT NULL REFERENCES run (id),
    number      INTEGER NOT NULL,
    path        TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    member_id   TEXT NOT NULL,
    name        TEXT NOT NULL,
    phone       TEXT NOT NULL,
    reasons     TEXT NOT NULL,
    body        TEXT NOT NULL,
    state       TEXT NOT NULL,
    skipped     TEXT,
    attempts    INTEGER NOT NULL,
    wake_at     INTEGER,
    provider_id TEXT,
    segments    INTEGER,
    error       TEXT,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    PRIMARY KEY (run_id, number)
  ) WITHOUT ROWID;

  -- One row per wire request that was not accepted: the evidence of what it proved.
  -- What an accepted one proved stands in the message itself.
  CREATE TABLE attempt (
    run_id   TEXT NOT NULL,
    number   INTEGER NOT NULL,
    attempt  INTEGER NOT NULL,
    started  INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    evidence TEXT,
    PRIMARY KEY (run_id, number, attempt)
  ) WITHOUT ROWID;

  CREATE TABLE idempotency (
    key        TEXT PRIMARY KEY,
    input_hash TEXT NOT NULL,
    run_id     TEXT NOT NULL,
    created    INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX idempotency_age ON idempotency (created);
`
