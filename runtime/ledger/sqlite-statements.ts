/** The ledger's SQL, by what it does. */
/** One that is there already is the same: only the time says that it is wanted. */
export const insertGraph = `
  INSERT INTO graph_version (hash, graph, created) VALUES (?, ?, ?)
  ON CONFLICT (hash) DO UPDATE SET created = excluded.created`
export const selectGraph = 'SELECT graph FROM graph_version WHERE hash = ?'

export const insertRun = `
  INSERT INTO run (id, function_name, version, trigger, status, input, created, first_steps)
  VALUES (?, ?, ?, ?, 'running', ?, ?, ?)`
/** One that had ended before its acceptance was written. */
export const insertEndedRun = `
  INSERT INTO run (id, function_name, version, trigger, input, created, status, output, error, finished, last_steps)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
/** A run that few are like: a dry run, or one that another run calls or is the reason of, or a trigger starts. */
export const insertRareRun = `
  INSERT INTO run (id, function_name, version, trigger, status, input, created, first_steps, dry_run,
                   caller_run, caller_path, caller_depth, trigger_id, source_run, source_kind)
  SELECT ?1, ?2, ?3, ?4, 'running', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
  WHERE ?13 IS NULL OR ?14 = 'again'
    OR (NOT EXISTS (SELECT 1 FROM run WHERE source_run = ?13 AND source_kind = ?14)
      AND EXISTS (SELECT 1 FROM run WHERE id = ?13) AND NOT EXISTS (SELECT 1 FROM run_removal WHERE run_id = ?13))`
export const selectFollowers = `
  SELECT id AS runId, source_kind AS kind, status FROM run WHERE source_run = ? ORDER BY id`
export const selectMessagesAt = 'SELECT * FROM message WHERE run_id = ? AND path = ? ORDER BY number'
/** The run of a firing and its acceptance are one commit: no firing starts two. */
export const startFiring = `
  UPDATE trigger_firing SET state = 'started', run_id = ?, input = NULL WHERE id = ? AND state = 'waiting'`
export const noteEnd = 'INSERT INTO run_end (run_id) VALUES (?) ON CONFLICT DO NOTHING'
export const selectCalled = 'SELECT id FROM run WHERE caller_run = ? AND caller_path = ?'
/** A run cannot end before its messages have. (With `IN` SQLite would build a table of the three states each time.) */
export const finishRun = `
  UPDATE run SET status = ?2, output = ?3, error = ?4, finished = ?5, last_steps = ?6
  WHERE id = ?1 AND finished IS NULL
    AND NOT EXISTS (SELECT 1 FROM message WHERE run_id = ?1
      AND (state = 'planned' OR state = 'dispatching' OR state = 'retry-wait'))`
export const cancelRun = 'UPDATE run SET cancelled = 1 WHERE id = ? AND finished IS NULL'
export const selectRun = 'SELECT * FROM run WHERE id = ?'
export const selectOpenRuns = `
  SELECT * FROM run WHERE finished IS NULL AND wake_at IS NULL AND status <> 'quarantined' ORDER BY id`
export const parkRun = `
  UPDATE run SET wake_at = ?, wakes_on_receipt = ?, parked_at = ? WHERE id = ? AND finished IS NULL`
export const unparkRun =
  'UPDATE run SET wake_at = NULL WHERE id = ? AND finished IS NULL AND wake_at IS NOT NULL'
/** Those whose time has come, and those whose called run has ended. */
export const unparkDue = `
  UPDATE run SET wake_at = NULL
  WHERE finished IS NULL AND wake_at IS NOT NULL
    AND (wake_at <= ?
      OR EXISTS (SELECT 1 FROM run AS called WHERE called.caller_run = run.id AND called.finished IS NOT NULL))`
export const selectParked = `
  SELECT id FROM run WHERE finished IS NULL AND wake_at IS NOT NULL AND wake_at <= ? ORDER BY wake_at`
export const selectParkedAfter = `
  SELECT id FROM run INDEXED BY run_parked WHERE finished IS NULL AND wake_at IS NOT NULL AND parked_at > ? ORDER BY wake_at`
export const selectNextWake = `
  SELECT min(wake_at) AS wakeAt FROM run WHERE finished IS NULL AND wake_at IS NOT NULL`
export const selectWakesOnReceipt = `
  SELECT 1 FROM run WHERE id = ? AND finished IS NULL AND wake_at IS NOT NULL AND wakes_on_receipt = 1`
export const selectRuns = 'SELECT * FROM run WHERE id < ? ORDER BY id DESC LIMIT ?'
export const selectRunsOfFunction = `
  SELECT * FROM run WHERE function_name = ? AND id < ? ORDER BY id DESC LIMIT ?`

export const insertRecord = 'INSERT INTO record (run_id, number, steps) VALUES (?, ?, ?)'
export const selectRecords = `
  SELECT number, steps FROM (
    SELECT -1 AS number, first_steps AS steps FROM run WHERE id = ?1
    UNION ALL SELECT number, steps FROM record WHERE run_id = ?1
    UNION ALL SELECT 9e15, last_steps FROM run WHERE id = ?1
  ) ORDER BY number`

export const insertMessage = `
  INSERT INTO message (run_id, number, path, service_id, member_id, name, phone, reasons, body, state, skipped,
                       attempts, error, created, updated, options)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
/** The claim: only where this changes a row may a byte leave. The attempt number makes a second claim fail. */
export const claimMessage = `
  UPDATE message SET state = 'dispatching', attempts = ?, wake_at = NULL, updated = ?
  WHERE run_id = ? AND number = ? AND state IN ('planned', 'retry-wait') AND attempts = ? - 1`
/** The same for one request of several messages: they are found again by the id that they share. */
export const claimBatched = `
  UPDATE message SET state = 'dispatching', attempts = attempts + 1, wake_at = NULL, updated = ?, options = ?
  WHERE run_id = ? AND number = ? AND state IN ('planned', 'retry-wait') AND attempts = ?`
/** An accepted message stays accepted whatever comes later. */
export const settleMessage = `
  UPDATE message SET state = ?, skipped = ?, wake_at = ?, provider_id = ?, segments = ?, error = ?, updated = ?
  WHERE run_id = ? AND number = ? AND state <> 'accepted'`
export const handOver = `
  UPDATE message SET state = 'planned', wake_at = NULL, service_id = ?, options = ?, error = ?, updated = ?
  WHERE run_id = ? AND number = ? AND state = 'dispatching'`
export const selectMessages = 'SELECT * FROM message WHERE run_id = ? ORDER BY number'
export const closeDispatching = `
  UPDATE message SET state = 'unknown', error = ?, updated = ?
  WHERE state = 'dispatching'
    AND run_id IN (SELECT id FROM run WHERE finished IS NULL UNION SELECT run_id FROM redelivery)`

export const insertAttempt = `
  INSERT INTO attempt (run_id, number, attempt, started, finished, outcome, evidence, service_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
export const selectAttempts = 'SELECT * FROM attempt WHERE run_id = ? AND number = ? ORDER BY attempt'

export const insertPlan = 'INSERT INTO plan (run_id, path, messages) VALUES (?, ?, ?)'
export const selectBrokenPlans = `
  SELECT path FROM plan WHERE run_id = ?1
    AND messages > (SELECT count(*) FROM message WHERE run_id = ?1 AND message.path = plan.path)`
/** Messages that may have left are never forgotten. */
export const dropPlanned = `
  DELETE FROM message WHERE run_id = ? AND path = ? AND state IN ('planned', 'suppressed') AND attempts = 0`
export const dropPlan = 'DELETE FROM plan WHERE run_id = ? AND path = ?'

export const reopenMessage = `
  UPDATE message SET state = 'planned', service_id = ?1, skipped = NULL, error = NULL, wake_at = NULL, options = ?2, updated = ?3
  WHERE run_id = ?4 AND number = ?5 AND state IN ('rejected', 'expired', 'suppressed')
    AND NOT EXISTS (SELECT 1 FROM run WHERE source_run = ?4 AND source_kind = 'retry')
    AND NOT EXISTS (SELECT 1 FROM run_removal WHERE run_id = ?4)`
export const insertRedelivery = `
  INSERT INTO redelivery (run_id, path, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
export const deleteRedelivery = 'DELETE FROM redelivery WHERE run_id = ? AND path = ?'
export const selectRedeliveries = 'SELECT run_id AS runId, path, created FROM redelivery ORDER BY created'

export const selectUsages = `
  SELECT service_id AS serviceId, due_at AS dueAt, day, messages, segments FROM service_usage`
export const writeUsage = `
  INSERT INTO service_usage (service_id, due_at, day, messages, segments) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (service_id) DO UPDATE SET due_at = ?2, day = ?3, messages = ?4, segments = ?5`

export const insertKey = `
  INSERT INTO idempotency (key, input_hash, run_id, created) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
export const selectKey = 'SELECT key, input_hash AS inputHash, run_id AS runId FROM idempotency WHERE key = ?'
export const forgetKeys = 'DELETE FROM idempotency WHERE created < ?'

export const selectMessage = 'SELECT * FROM message WHERE run_id = ? AND number = ?'
/** A batch has 1,000 numbers at most. */
export const selectMessageTo = `
  SELECT * FROM message WHERE run_id = ?1 AND number BETWEEN ?2 AND ?2 + 1000 AND phone = ?3 ORDER BY number LIMIT 1`
export const selectKnownIds = `
  SELECT provider_id FROM message
  WHERE run_id >= ? AND provider_id IN (SELECT value FROM json_each(?))`

export const insertReceipt = `
  INSERT INTO receipt (run_id, number, digest, at, source, status, code, proof, delivery, provider_id, facts)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
export const selectReceipts = 'SELECT * FROM receipt WHERE run_id = ? AND number = ? ORDER BY at, digest'
export const updateByReceipt = `
  UPDATE message
  SET state = ?, provider_id = ?, error = ?, wake_at = ?, delivery = ?, delivery_code = ?, delivery_conflict = ?,
      updated = ?
  WHERE run_id = ? AND number = ?`

export const insertUnknown = `
  INSERT INTO reconciliation (run_id, number, phase, since, absent_after, due, tries, absences)
  VALUES (?, ?, 'waiting', ?, ?, ?, 0, '[]')
  ON CONFLICT DO UPDATE SET phase = 'waiting', since = excluded.since, absent_after = excluded.absent_after,
    due = excluded.due, tries = 0, absences = '[]', held = NULL, restored = NULL`
/** Where a receipt came before the outcome was written, the message is known to be taken. */
export const acceptByReceipt = `
  UPDATE message SET state = 'accepted', error = NULL,
    provider_id = coalesce(provider_id, (SELECT max(provider_id) FROM receipt
      WHERE receipt.run_id = message.run_id AND receipt.number = message.number AND proof = 'accepted'))
  WHERE run_id = ? AND number = ? AND state = 'unknown'
    AND EXISTS (SELECT 1 FROM receipt
      WHERE receipt.run_id = message.run_id AND receipt.number = message.number AND proof = 'accepted')`
export const deleteUnknown = 'DELETE FROM reconciliation WHERE run_id = ? AND number = ?'
export const updateUnknown = `
  UPDATE reconciliation SET phase = ?, since = ?, absent_after = ?, due = ?, tries = ?, absences = ?, held = ?
  WHERE run_id = ? AND number = ?`
export const selectDueUnknowns = `
  SELECT * FROM reconciliation WHERE phase = 'waiting' AND due <= ? ORDER BY due LIMIT ?`
export const selectNextUnknown = "SELECT min(due) AS due FROM reconciliation WHERE phase = 'waiting'"
export const selectUnknown = 'SELECT * FROM reconciliation WHERE run_id = ? AND number = ?'
export const selectUnknowns = `
  SELECT reconciliation.*, function_name FROM reconciliation JOIN run ON run.id = run_id
  WHERE (run_id, number) < (?, ?) ORDER BY run_id DESC, number DESC LIMIT ?`
/**
 * Where the clock on the wall was put back while no process lived, moments of plans lie further ahead than their waits:
 * what was found missing was found missing before now, and what waits begins to wait now.
 */
export const bringPlansNearer = `
  UPDATE reconciliation
  SET absent_after = min(absent_after, ?2), due = min(due, ?1 + (?3 ->> tries)),
    absences = (SELECT json_group_array(min(value, ?1)) FROM json_each(absences))
  WHERE phase = 'waiting' AND (due > ?1 + (?3 ->> tries) OR absent_after > ?2 OR absences ->> '$[#-1]' > ?1)`
/** The same for what is sent again without being asked for. */
export const bringWaitsNearer = `
  UPDATE reconciliation SET due = min(due, ?1)
  WHERE phase = 'final' AND tries = 0 AND held IS NULL AND due > ?1`
export const selectClockShift = "SELECT value FROM settings WHERE name = 'clock-shift'"
export const writeClockShift = "INSERT OR REPLACE INTO settings (name, value) VALUES ('clock-shift', ?)"
/** The process died while a message was sent again after its run had ended. */
export const closeResending = `
  UPDATE message SET state = 'unknown', error = ?1, updated = ?2
  WHERE state = 'dispatching'
    AND (run_id, number) IN (SELECT run_id, number FROM reconciliation WHERE phase = 'resending')`
export const reopenResending = `
  UPDATE reconciliation SET phase = 'waiting', tries = 0, absences = '[]', held = NULL, due = ?1, absent_after = ?2
  WHERE phase = 'resending'`
/** What was on its way when the process died is unknown, and looked up from now on. */
export const noteDispatching = `
  INSERT OR IGNORE INTO reconciliation (run_id, number, phase, since, absent_after, due, tries, absences)
  SELECT run_id, number, 'waiting', updated, ?2, ?1, 0, '[]' FROM message
  WHERE state = 'dispatching'
    AND run_id IN (SELECT id FROM run WHERE finished IS NULL UNION SELECT run_id FROM redelivery)`
export const claimAgain = `
  UPDATE message SET state = 'dispatching', attempts = ?, wake_at = NULL, error = NULL, updated = ?, options = ?
  WHERE run_id = ? AND number = ? AND state = 'unknown' AND attempts = ? - 1`
/** Where the process dies in it, it is this attempt that is looked up, on its own day. */
export const markResending = `
  UPDATE reconciliation SET phase = 'resending', held = NULL, since = ? WHERE run_id = ? AND number = ?`

export const insertOptOut = `
  INSERT INTO opt_out (service_id, sender, phone, source, reason, since) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET since = excluded.since, reason = excluded.reason, lifted = NULL, lifted_why = NULL
    WHERE lifted IS NOT NULL AND lifted <= excluded.since`
export const liftOptOuts = `
  UPDATE opt_out SET lifted = ?, lifted_why = ?
  WHERE service_id = ? AND phone = ? AND source IN (SELECT value FROM json_each(?)) AND lifted IS NULL AND since <= ?`
export const selectOptOuts = 'SELECT * FROM opt_out ORDER BY since DESC, service_id, phone'
export const insertInbound = 'INSERT INTO inbound (id, at, meaning) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'

export const insertTimer = 'INSERT INTO timer (run_id, path, due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
export const selectTimer = 'SELECT due FROM timer WHERE run_id = ? AND path = ?'

export const insertRequest =
  'INSERT INTO http_request (run_id, path, begun) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'

export const insertInboxEntry = `
  INSERT INTO inbox_entry (id, member_id, run_id, path, function_name, title, text, link, created)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

export const insertOpenProcess = 'INSERT INTO open_process (number) VALUES (1) ON CONFLICT DO NOTHING'
export const deleteOpenProcess = 'DELETE FROM open_process'
/** How far a run has come on the disk: whatever it does next that lasts changes one of these numbers. */
const place = `
  (SELECT count(*) FROM record WHERE run_id = run.id) || ' records ' ||
  (SELECT count(*) || ' messages ' || total(attempts) || ' attempts ' FROM message WHERE run_id = run.id) ||
  (SELECT count(*) FROM http_request WHERE run_id = run.id) || ' requests ' ||
  (SELECT count(*) FROM timer WHERE run_id = run.id) || ' timers'`
/**
 * Runs that were executing something when the process died. A run whose messages are planned, on the wire or to be
 * tried again waits for services; one with a timer that is not due waits for receipts, as long as some are to come.
 */
export const selectExecuting = `
  SELECT run.id AS runId, ${place} AS place FROM run INDEXED BY run_open
  WHERE finished IS NULL AND wake_at IS NULL AND status <> 'quarantined'
    AND (
      EXISTS (SELECT 1 FROM plan WHERE run_id = run.id AND messages >
        (SELECT count(*) FROM message WHERE run_id = run.id AND message.path = plan.path))
      OR NOT EXISTS (SELECT 1 FROM message
        WHERE run_id = run.id AND state IN ('planned', 'dispatching', 'retry-wait')))
    AND NOT (
      EXISTS (SELECT 1 FROM timer WHERE run_id = run.id AND due > ?)
      AND EXISTS (SELECT 1 FROM message WHERE run_id = run.id AND state IN ('accepted', 'unknown')
        AND (delivery IS NULL OR delivery IN ('queued', 'sent'))))
  ORDER BY run.id`
export const selectSuspects = 'SELECT run_id AS runId, place, crashes, step, is_late AS isLate FROM suspect'
export const insertSuspect = 'INSERT INTO suspect (run_id, place, crashes) VALUES (?, ?, ?)'
/** A run that is let out of quarantine is on trial at the step at which it was put there. */
export const insertReleased = `
  INSERT OR REPLACE INTO suspect (run_id, place, crashes, step)
  SELECT id, ${place}, error ->> '$.params.crashes', error ->> '$.nodeId' FROM run
  WHERE id = ? AND status = 'quarantined' AND error ->> '$.code' = 'RUN_QUARANTINED'`
export const enterStep = 'UPDATE suspect SET step = ? WHERE run_id = ?'
export const leaveStep = 'UPDATE suspect SET step = NULL WHERE run_id = ?'
export const leaveSteps = 'UPDATE suspect SET step = NULL WHERE step IS NOT NULL'
export const markLate = 'UPDATE suspect SET is_late = 1 WHERE run_id = ?'
export const deleteSuspects = 'DELETE FROM suspect'
export const quarantineRun = "UPDATE run SET status = 'quarantined', error = ? WHERE id = ?"
export const countQuarantined = `
  SELECT count(*) AS count FROM run INDEXED BY run_held WHERE finished IS NULL AND status = 'quarantined'`
/** Of them, those that were open in the backup that the store was restored from. */
export const selectHeldByRestore = `
  SELECT id FROM run INDEXED BY run_held
  WHERE finished IS NULL AND status = 'quarantined' AND error ->> '$.code' = 'RUN_RESTORED' ORDER BY id`
export const releaseRun = `
  UPDATE run SET status = 'running', error = NULL, cancelled = max(cancelled, ?)
  WHERE id = ? AND status = 'quarantined'`
