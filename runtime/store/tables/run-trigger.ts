/** Which trigger of a function started a run. */
export const runTriggerColumn = `
  ALTER TABLE run ADD COLUMN trigger_id TEXT; -- NULL: a person, a program or another run started it
  CREATE INDEX run_by_trigger ON run (trigger_id, id) WHERE trigger_id IS NOT NULL;
`
