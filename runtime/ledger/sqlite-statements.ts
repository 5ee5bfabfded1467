/** The ledger's SQL, by what it does. */
export const insertGraph = 'INSERT OR IGNORE INTO graph_version (hash, graph, created) VALUES (?, ?, ?)'
export const selectGraph = 'SELECT graph FROM graph_version WHERE hash = ?'

export const insertRun = `
  INSERT INTO run (id, function_name, version, trigger, status, input, created, first_steps)
  VALUES (?, ?, ?, ?, 'running', ?, ?, ?)`
/** A run cannot end before its messages have. */
export const finishRun = `
  UPDATE run SET status = ?2, output = ?3, error = ?4, finished = ?5, last_steps = ?6
  WHERE id = ?1 AND finished IS NULL
    AND NOT EXISTS (SELECT 1 FROM message WHERE run_id = ?1 AND state IN ('planned', 'dispatching', 'retry-wait'))`
export const cancelRun = 'UPDATE run SET cancelled = 1 WHERE id = ? AND finished IS NULL'
export const selectRun = 'SELECT * FROM run WHERE id = ?'
export const selectOpenRuns = 'SELECT * FROM run WHERE finished IS NULL ORDER BY id'
export const selectRuns = 'SELECT * FROM run WHERE id < ? ORDER BY id DESC LIMIT ?'
export const selectRunsOfFunction = `
  SELECT * FROM run WHERE function_name = ? AND id < ? ORDER BY id DESC LIMIT ?`

export const insertRecord = 'INSERT INTO record (run_id, number, steps) VALUES (?, ?, ?)'
export const selectRecords = `
  SELECT steps FROM (
    SELECT -1 AS number, first_steps AS steps FROM run WHERE id = ?1
    UNION ALL SELECT number, steps FROM record WHERE run_id = ?1
    UNION ALL SELECT 9e15, last_steps FROM run WHERE id = ?1
  ) ORDER BY number`

export const insertMessage = `
  INSERT INTO message (run_id, number, path, service_id, member_id, name, phone, reasons, body, state, skipped,
                       attempts, created, updated)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
/** The claim: only where this changes a row may a byte leave. The attempt number makes a second claim fail. */
export const claimMessage = `
  UPDATE message SET state = 'dispatching', attempts = ?, wake_at = NULL, updated = ?
  WHERE run_id = ? AND number = ? AND state IN ('planned', 'retry-wait') AND attempts = ? - 1`
/** An accepted message stays accepted whatever comes later. */
export const settleMessage = `
  UPDATE message SET state = ?, wake_at = ?, provider_id = ?, segments = ?, error = ?, updated = ?
  WHERE run_id = ? AND number = ? AND state <> 'accepted'`
export const selectMessages = 'SELECT * FROM message WHERE run_id = ? ORDER BY number'
export const closeDispatching = `
  UPDATE message SET state = 'unknown', error = ?, updated = ?
  WHERE state = 'dispatching' AND run_id IN (SELECT id FROM run WHERE finished IS NULL)`

export const insertAttempt = `
  INSERT INTO attempt (run_id, number, attempt, started, finished, outcome, evidence)
  VALUES (?, ?, ?, ?, ?, ?, ?)`
export const selectAttempts = 'SELECT * FROM attempt WHERE run_id = ? AND number = ? ORDER BY attempt'

export const insertKey = `
  INSERT INTO idempotency (key, input_hash, run_id, created) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
export const selectKey = 'SELECT key, input_hash AS inputHash, run_id AS runId FROM idempotency WHERE key = ?'
export const forgetKeys = 'DELETE FROM idempotency WHERE created < ?'
