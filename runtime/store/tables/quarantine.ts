/** What tells which run made the process die. Nothing here is written while runs go their way. */
export const quarantineTables = `
  -- One row for as long as a process has the store: where a start finds it, the process before did not come to its end.
  CREATE TABLE open_process (number INTEGER PRIMARY KEY CHECK (number = 1));

  -- Unfinished runs that were executing a step, and not waiting, when the process died.
  CREATE TABLE suspect (
    run_id  TEXT PRIMARY KEY,
    place   TEXT NOT NULL, -- how far it had come on the disk
    crashes INTEGER NOT NULL, -- how often the process died while it was there
    step    TEXT, -- the node that it executes at this moment, in its trial or after it
    is_late INTEGER NOT NULL DEFAULT 0 -- the time of its trial is up
  ) WITHOUT ROWID;
`
