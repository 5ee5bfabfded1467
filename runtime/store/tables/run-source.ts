/** Which run a run was made from, and failed runs whose *on error* function has not been started yet. */
export const runSourceTables = `
  ALTER TABLE run ADD COLUMN source_run TEXT;
  ALTER TABLE run ADD COLUMN source_kind TEXT; -- again | retry | on-error; of the last two, a run has one each
  CREATE INDEX run_by_source ON run (source_run, source_kind) WHERE source_run IS NOT NULL;

  -- Written with the end of the failed run, gone with the acceptance of the run that it starts.
  CREATE TABLE on_error_due (run_id TEXT PRIMARY KEY) WITHOUT ROWID;
`
