/** What each service has used up, and what a message needs to be told apart from the others of its step. */
export const sendLimitTables = `
  -- One row per service whose policy counts something, written in the same commit as each claim.
  CREATE TABLE service_usage (
    service_id TEXT PRIMARY KEY,
    due_at     REAL NOT NULL, -- when the next message would be due, milliseconds since 1970
    day        TEXT NOT NULL,
    messages   INTEGER NOT NULL,
    segments   INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- A plan that takes more than one commit: how many messages make it whole. Nothing is sent before it is.
  CREATE TABLE plan (
    run_id   TEXT NOT NULL,
    path     TEXT NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (run_id, path)
  ) WITHOUT ROWID;

  -- JSON of what few messages have: the person's time zone, urgency, fail-over, further attempts by hand.
  ALTER TABLE message ADD COLUMN options TEXT;
  -- The service that the request went to; null: the message's own.
  ALTER TABLE attempt ADD COLUMN service_id TEXT;
`
