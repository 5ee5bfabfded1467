import type { RunError } from '../../nodes/api/runs.ts'
import { ErrorCode } from '../../nodes/errors.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { ALLOWANCE_MS, lookUpWaitsMs } from '../ledger/look-up-waits.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

const heldRun: RunError = {
  code: ErrorCode.RunRestored,
  message: 'The server was restored from a backup in which this run was open',
  hint: 'Find out how far it came after the backup, then let it go on or cancel it.',
}
const maybeDone: RunError = {
  code: ErrorCode.RestoredUncertain,
  message: 'The server was restored from a backup, and this may have been done after it was taken',
  hint: 'Find out whether it was done before you do it again.',
}

/**
 * Where the store comes from a backup that nobody has opened yet: holds whatever in it would go on by itself, since the
 * server that the backup was taken of may have done it afterwards. Call before anything goes on. All of it is one
 * transaction, with its entry in the audit log; in a store of any other origin nothing happens.
 *
 * - Runs are in quarantine until a person lets them go on. A plan that was cut short counts as not begun.
 * - Messages that were not settled are unknown and asked for at the provider, whose silence proves nothing.
 * - Schedules begin anew at this moment; what waited for a trigger, and texts about requests, are given up with the reason.
 * - Codes and sessions end: they may have been used up, or signed out.
 */
export function holdRestored({
  database,
  audit,
  surroundings,
  steady,
}: {
  database: Database
  audit: AuditLog
  surroundings: Surroundings
  /** See `runtime/steady-clock.ts`. */
  steady: () => number
}): void {
  const backup = database.prepare(newestUnopened).get() as { taken: number } | undefined
  if (!backup) return
  const now = surroundings.now().getTime()
  const run = (sql: string, ...values: (string | number)[]) =>
    Number(database.prepare(sql).run(...values).changes)
  database.transaction(() => {
    for (const sql of dropBrokenPlans) run(sql)
    run(askForOpen)
    run(askAgain, steady() + ALLOWANCE_MS, steady() + lookUpWaitsMs[0]!)
    const messages = run(openBecomeUnknown, JSON.stringify(maybeDone), now)
    const runs = run(holdRuns, JSON.stringify(heldRun))
    for (const sql of forgetAtOnce) run(sql)
    run(giveUpFirings, JSON.stringify(maybeDone))
    for (const { id } of database.prepare(missedSchedules).all(now)) {
      run(noteMissed, surroundings.newId(), id as string, now, JSON.stringify(maybeDone))
    }
    run('UPDATE triggers SET handled = ? WHERE next_at IS NOT NULL', now)
    run(giveUpOnErrors, JSON.stringify(maybeDone))
    run(endRequests, now)
    run(noteRestored, now, runs, messages)
    const detail = { taken: new Date(backup.taken).toISOString(), runs, messages }
    audit.add({ who: { kind: 'server' }, thing: 'store', verb: 'restore', detail })
  })
}

/** A backup of a restored store that nobody had opened has two. */
const newestUnopened = 'SELECT taken FROM restoration WHERE restored IS NULL ORDER BY number DESC'
const noteRestored = 'UPDATE restoration SET restored = ?, runs = ?, messages = ? WHERE restored IS NULL'

/** Nothing of them was sent before all of it was written, so the whole step is still to be done. */
const brokenPlan = `
  SELECT run_id, path FROM plan
  WHERE messages > (SELECT count(*) FROM message WHERE message.run_id = plan.run_id AND message.path = plan.path)`
const dropBrokenPlans = [
  `DELETE FROM message WHERE attempts = 0 AND state IN ('planned', 'suppressed') AND (run_id, path) IN (${brokenPlan})`,
  `DELETE FROM plan WHERE NOT EXISTS (
    SELECT 1 FROM message WHERE message.run_id = plan.run_id AND message.path = plan.path)`,
]

const isOpen = `state IN ('planned', 'dispatching', 'retry-wait')`
const askForOpen = `
  INSERT OR IGNORE INTO reconciliation (run_id, number, phase, since, absent_after, due, tries, absences)
  SELECT run_id, number, 'waiting', updated, 0, 0, 0, '[]' FROM message WHERE ${isOpen}`
/** Those that were unknown before may have been sent again. */
const askAgain = `
  UPDATE reconciliation SET phase = 'waiting', absent_after = ?, due = ?, tries = 0, absences = '[]', held = NULL, restored = 1`
const openBecomeUnknown = `
  UPDATE message SET state = 'unknown', error = ?, wake_at = NULL, updated = ? WHERE ${isOpen}`

/** What sends nothing, or was cancelled, comes to its end by itself. */
const holdRuns = `
  UPDATE run SET status = 'quarantined', error = ?, wake_at = NULL
  WHERE finished IS NULL AND status <> 'quarantined' AND cancelled = 0 AND dry_run IS NULL AND trigger <> 'debug'`

const forgetAtOnce = [
  'DELETE FROM redelivery',
  'DELETE FROM run_end',
  'DELETE FROM open_process',
  'DELETE FROM suspect',
  `UPDATE request_text SET state = 'dropped' WHERE state = 'due' OR (state = 'sent' AND run_id IS NULL)`,
  `UPDATE login_codes SET state = 'replaced' WHERE state = 'live'`,
  'DELETE FROM login_tickets',
  'DELETE FROM second_factor_tickets',
  'DELETE FROM passkey_challenges',
  'DELETE FROM sessions',
]

/** They keep their keys: the same call once more is still the same. */
const giveUpFirings = `
  UPDATE trigger_firing SET state = 'skipped', reason = ?, input = NULL WHERE state = 'waiting'`
const missedSchedules = 'SELECT id FROM triggers WHERE next_at IS NOT NULL AND next_at <= ?'
const noteMissed = `
  INSERT INTO trigger_firing (id, trigger_id, at, state, reason, depth) VALUES (?, ?, ?, 'skipped', ?, 0)`
const giveUpOnErrors = `
  UPDATE on_error_due SET reason = json_set(?, '$.params', json_object('function', (
    SELECT graph ->> '$.onErrorFunction' FROM run JOIN graph_version ON hash = version WHERE run.id = run_id)))
  WHERE reason IS NULL`
/** Their run had just ended, and nobody had been told how. */
const endRequests = `
  UPDATE request SET state = 'failed', back_to = NULL, finished = ?
  WHERE state = 'running' AND run_id IN (SELECT id FROM run WHERE finished IS NOT NULL)`
