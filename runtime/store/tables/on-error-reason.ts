/** Why the *on error* function of a failed run was not started. */
export const onErrorReasonColumn = `
  ALTER TABLE on_error_due ADD COLUMN reason TEXT; -- JSON; NULL: it is still to be started
  CREATE INDEX on_error_open ON on_error_due (run_id) WHERE reason IS NULL;
`
