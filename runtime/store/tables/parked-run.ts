/** When a run that has left the memory goes on, and which step of which run started a run. */
export const parkedRunColumns = `
  ALTER TABLE run ADD COLUMN wake_at INTEGER;           -- NULL: it is in memory, or over
  ALTER TABLE run ADD COLUMN wakes_on_receipt INTEGER;  -- 1: a receipt wakes it before its time
  ALTER TABLE run ADD COLUMN caller_run TEXT;
  ALTER TABLE run ADD COLUMN caller_path TEXT;
  ALTER TABLE run ADD COLUMN caller_depth INTEGER;      -- 1: called by a run that nobody called
  CREATE INDEX run_parked ON run (wake_at) WHERE wake_at IS NOT NULL AND finished IS NULL;
  CREATE UNIQUE INDEX run_called ON run (caller_run, caller_path) WHERE caller_run IS NOT NULL;
`
