import type { WorklistBox } from '../../nodes/api/approvals.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { Database } from '../store/database.ts'
import type {
  ApprovalRow,
  DelegationRow,
  EventFacts,
  EventKind,
  EventRow,
  RequestRow,
  TaskRow,
  TextRow,
} from './rows.ts'

/** A line of a list: a request, and what of it the list is about. */
export interface ListedRequest {
  request: RequestRow
  at: number
  /** Where the next page begins. */
  cursor: string
  due: number | null
  did: TaskRow['state'] | null
  isUnread: boolean
}

export interface MonitorFilter {
  state: string | null
  process: string | null
  paused: boolean
  search: string
  before: string | null
  limit: number
}

/** The tables of requests: rows in and out, and no rule. */
export class ApprovalStore {
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database) {
    this.#statements = prepare(database)
  }

  // ── Requests ────────────────────────────────────────────────────────────────────────────────────────────────────

  request(id: string): RequestRow | undefined {
    return readRequest(this.#statements.request.get(id))
  }

  requestOfRun(runId: string): RequestRow | undefined {
    return readRequest(this.#statements.requestOfRun.get(runId))
  }

  insertRequest(row: RequestRow): void {
    const { id, functionName, processTitle, title, initiator, initiatorName, input } = row
    const { runId, version, round, state, created } = row
    this.#statements.insertRequest.run(
      ...[id, functionName, processTitle, title, initiator, initiatorName, JSON.stringify(input)],
      ...[runId, version, round, state, created],
    )
  }

  /** Writes what can change of a request. */
  updateRequest(row: RequestRow): void {
    const { id, title, input, runId, version, round, state, backTo, urged, finished } = row
    this.#statements.updateRequest.run({
      ...{ id, title, input: JSON.stringify(input), runId, version, round, state, backTo, urged, finished },
    })
  }

  /** Requests under way whose run is over, and runs that go on although their request is over. */
  leftBehind(): { ended: string[]; toCancel: string[] } {
    return {
      ended: this.#statements.endedRuns.all().map(({ runId }) => runId as string),
      toCancel: this.#statements.runsToCancel.all().map(({ runId }) => runId as string),
    }
  }

  // ── Steps and tasks ─────────────────────────────────────────────────────────────────────────────────────────────

  approval(id: string): ApprovalRow | undefined {
    return readApproval(this.#statements.approval.get(id))
  }

  approvalAt(runId: string, path: string): ApprovalRow | undefined {
    return readApproval(this.#statements.approvalAt.get(runId, path))
  }

  /** Oldest first. */
  approvalsOf(requestId: string): ApprovalRow[] {
    return this.#statements.approvalsOf.all(requestId).map((row) => readApproval(row)!)
  }

  insertApproval(row: ApprovalRow): void {
    const { id, requestId, runId, path, title, rules, state, due, opened } = row
    this.#statements.insertApproval.run(
      ...[id, requestId, runId, path, title, JSON.stringify(rules), state, due, opened],
    )
  }

  updateApproval({ id, state, due, result, closed }: ApprovalRow): void {
    this.#statements.updateApproval.run(state, due, result && JSON.stringify(result), closed, id)
  }

  takeResult(id: string): void {
    this.#statements.takeResult.run(id)
  }

  /** Runs that have not gone on with a result that is there. */
  runsToWake(): string[] {
    return this.#statements.runsToWake.all().map(({ runId }) => runId as string)
  }

  task(id: string): TaskRow | undefined {
    return this.#statements.task.get(id) as unknown as TaskRow | undefined
  }

  taskByLink(hash: Uint8Array): TaskRow | undefined {
    return this.#statements.taskByLink.get(hash) as unknown as TaskRow | undefined
  }

  /** In the order of their seats. */
  tasksOf(approvalId: string): TaskRow[] {
    return this.#statements.tasksOf.all(approvalId) as unknown as TaskRow[]
  }

  tasksOfRequest(requestId: string): TaskRow[] {
    return this.#statements.tasksOfRequest.all(requestId) as unknown as TaskRow[]
  }

  insertTask(row: TaskRow, link: Uint8Array | null): void {
    const { id, approvalId, requestId, member, name, behalf, behalfName, seat, state, created } = row
    this.#statements.insertTask.run(
      ...[id, approvalId, requestId, member, name, behalf, behalfName, seat, state, link, created],
    )
  }

  /** @returns false where somebody was faster */
  moveTask(id: string, from: TaskRow['state'], to: TaskRow['state'], decided: number | null): boolean {
    return this.#statements.moveTask.run(to, decided, id, from).changes === 1
  }

  /** Makes room for further people behind a seat. */
  shiftSeats(approvalId: string, after: number, by: number): void {
    this.#statements.shiftSeats.run(by, approvalId, after)
  }

  // ── What happened ───────────────────────────────────────────────────────────────────────────────────────────────

  addEvent(requestId: string, at: number, kind: EventKind, facts: EventFacts): void {
    this.#statements.insertEvent.run(requestId, at, kind, JSON.stringify(facts))
  }

  events(requestId: string): EventRow[] {
    return this.#statements.events
      .all(requestId)
      .map(({ at, kind, facts }) => ({ at, kind, facts: JSON.parse(facts as string) }) as EventRow)
  }

  // ── Copies ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @returns false where the person has one already */
  addCopy(requestId: string, member: string, at: number): boolean {
    return this.#statements.insertCopy.run(requestId, member, at).changes === 1
  }

  hasCopy(requestId: string, member: string): boolean {
    return this.#statements.copy.get(requestId, member) !== undefined
  }

  readCopy(requestId: string, member: string, at: number): void {
    this.#statements.readCopy.run(at, requestId, member)
  }

  // ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────

  counts(member: string): { decide: number; copied: number } {
    const { decide } = this.#statements.countOpen.get(member) as { decide: number }
    const { copied } = this.#statements.countUnread.get(member) as { copied: number }
    return { decide, copied }
  }

  /** One line more than a page where there is a next one. */
  list(box: WorklistBox, query: { member: string; search: string; before: string | null; limit: number }) {
    const { member, search, limit } = query
    const before = query.before ?? '~'
    return this.#statements[box].all({ member, search: search.toLowerCase(), before, limit }).map(readListed)
  }

  monitor({ paused, ...filter }: MonitorFilter): ListedRequest[] {
    return this.#statements.monitor
      .all({
        ...filter,
        search: filter.search.toLowerCase(),
        paused: paused ? 1 : 0,
        before: filter.before ?? '~',
      })
      .map(readListed)
  }

  // ── Texts ───────────────────────────────────────────────────────────────────────────────────────────────────────

  text(id: string): TextRow | undefined {
    return readText(this.#statements.text.get(id))
  }

  textsOf(requestId: string): TextRow[] {
    return this.#statements.textsOf.all(requestId).map((row) => readText(row)!)
  }

  insertText({ id, requestId, taskId, member, name, kind, step, plan, due }: TextRow): void {
    this.#statements.insertText.run(
      ...[id, requestId, taskId, member, name, kind, step, JSON.stringify(plan), due],
    )
  }

  /** Texts whose time has come are handed over from now on. */
  takeDueTexts(now: number): void {
    this.#statements.takeDueTexts.run(now)
  }

  /** Handed over, and no run known yet. */
  textsWithoutRun(): string[] {
    return this.#statements.textsWithoutRun.all().map(({ id }) => id as string)
  }

  setTextRun(id: string, runId: string): void {
    this.#statements.setTextRun.run(runId, id)
  }

  /** What waits for its time is not sent any more. */
  dropTexts(taskId: string): void {
    this.#statements.dropTexts.run(taskId)
  }

  // ── Times ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The next moment at which something is due. */
  nextDue(): number | undefined {
    const { due } = this.#statements.nextDue.get() as { due: number | null }
    return due ?? undefined
  }

  lateApprovals(now: number): ApprovalRow[] {
    return this.#statements.lateApprovals.all(now).map((row) => readApproval(row)!)
  }

  // ── Drafts and delegations ──────────────────────────────────────────────────────────────────────────────────────

  draft(member: string, functionName: string): { input: JsonObject; updated: number } | undefined {
    const row = this.#statements.draft.get(member, functionName)
    return row && { input: JSON.parse(row['input'] as string), updated: row['updated'] as number }
  }

  saveDraft(member: string, functionName: string, input: JsonObject, updated: number): void {
    this.#statements.saveDraft.run(member, functionName, JSON.stringify(input), updated)
  }

  deleteDraft(member: string, functionName: string): void {
    this.#statements.deleteDraft.run(member, functionName)
  }

  delegations(member: string, now: number): DelegationRow[] {
    return this.#statements.delegations.all(member, now) as unknown as DelegationRow[]
  }

  /** Who decides for a member at this moment. */
  deputyOf(member: string, now: number): DelegationRow | undefined {
    return this.#statements.deputy.get({ member, now }) as unknown as DelegationRow | undefined
  }

  insertDelegation({ id, member, deputy, deputyName, starts, ends }: DelegationRow): void {
    this.#statements.insertDelegation.run(id, member, deputy, deputyName, starts, ends)
  }

  deleteDelegation(id: string, member: string): boolean {
    return this.#statements.deleteDelegation.run(id, member).changes === 1
  }
}

type Row = Record<string, unknown> | undefined

function readRequest(row: Row): RequestRow | undefined {
  return row && ({ ...row, input: JSON.parse(row['input'] as string) } as unknown as RequestRow)
}

function readApproval(row: Row): ApprovalRow | undefined {
  if (!row) return undefined
  const result = row['result'] === null ? null : JSON.parse(row['result'] as string)
  return { ...row, rules: JSON.parse(row['rules'] as string), result } as unknown as ApprovalRow
}

function readText(row: Row): TextRow | undefined {
  return row && ({ ...row, plan: JSON.parse(row['plan'] as string) } as unknown as TextRow)
}

function readListed({ listedAt, cursor, due, did, isUnread, ...request }: Record<string, unknown>) {
  return {
    request: readRequest(request)!,
    at: listedAt as number,
    cursor: cursor as string,
    due: due as number | null,
    did: did as TaskRow['state'] | null,
    isUnread: isUnread === 1,
  }
}

const requestColumns = `request.id, request.function_name AS functionName, request.process_title AS processTitle,
  request.title, request.initiator, request.initiator_name AS initiatorName, request.input, request.run_id AS runId,
  request.version, request.round, request.state, request.back_to AS backTo, request.urged, request.created,
  request.finished`
/** Of an approval: nothing happens by itself in a request whose run is in quarantine. */
const isNotHeld = `
  run_id NOT IN (SELECT id FROM run INDEXED BY run_held WHERE finished IS NULL AND status = 'quarantined')`
const approvalColumns = `id, request_id AS requestId, run_id AS runId, path, title, rules, state, due, result, taken,
  opened, closed`
const taskColumns = `id, approval_id AS approvalId, request_id AS requestId, member, name, behalf,
  behalf_name AS behalfName, seat, state, created, decided`
const textColumns = `id, request_id AS requestId, task_id AS taskId, member, name, kind, step, plan, state, due,
  run_id AS runId`
const delegationColumns = 'id, member, deputy, deputy_name AS deputyName, starts, ends'
/** Part of the title, of the initiator's name or of the process's. */
const found = `(:search = '' OR instr(lower(request.title || ' ' || request.initiator_name || ' ' ||
  request.process_title), :search) > 0)`
/** A moment and an id that sort as one text. */
const cursorOf = (at: string, id: string) => `printf('%015d', ${at}) || '-' || ${id}`

function prepare(database: Database) {
  return {
    request: database.prepare(`SELECT ${requestColumns} FROM request WHERE id = ?`),
    requestOfRun: database.prepare(`SELECT ${requestColumns} FROM request WHERE run_id = ?`),
    insertRequest: database.prepare(`
      INSERT INTO request (id, function_name, process_title, title, initiator, initiator_name, input, run_id, version,
        round, state, created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    updateRequest: database.prepare(`
      UPDATE request SET title = :title, input = :input, run_id = :runId, version = :version, round = :round,
        state = :state, back_to = :backTo, urged = :urged, finished = :finished
      WHERE id = :id`),
    endedRuns: database.prepare(`
      SELECT request.run_id AS runId FROM request JOIN run ON run.id = request.run_id
      WHERE request.state = 'running' AND run.finished IS NOT NULL`),
    runsToCancel: database.prepare(`
      SELECT run.id AS runId FROM run INDEXED BY run_open JOIN request ON request.run_id = run.id
      WHERE run.finished IS NULL AND request.state IN ('revoked', 'cancelled')`),

    approval: database.prepare(`SELECT ${approvalColumns} FROM approval WHERE id = ?`),
    approvalAt: database.prepare(`SELECT ${approvalColumns} FROM approval WHERE run_id = ? AND path = ?`),
    approvalsOf: database.prepare(
      `SELECT ${approvalColumns} FROM approval WHERE request_id = ? ORDER BY opened, id`,
    ),
    insertApproval: database.prepare(`
      INSERT INTO approval (id, request_id, run_id, path, title, rules, state, due, opened)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    updateApproval: database.prepare(
      'UPDATE approval SET state = ?, due = ?, result = ?, closed = ? WHERE id = ?',
    ),
    takeResult: database.prepare('UPDATE approval SET taken = 1 WHERE id = ?'),
    runsToWake: database.prepare(`
      SELECT DISTINCT approval.run_id AS runId FROM approval JOIN request ON request.run_id = approval.run_id
      WHERE request.state IN ('running', 'returned') AND approval.result IS NOT NULL AND approval.taken = 0`),

    task: database.prepare(`SELECT ${taskColumns} FROM approval_task WHERE id = ?`),
    taskByLink: database.prepare(`SELECT ${taskColumns} FROM approval_task WHERE link = ?`),
    tasksOf: database.prepare(
      `SELECT ${taskColumns} FROM approval_task WHERE approval_id = ? ORDER BY seat, id`,
    ),
    tasksOfRequest: database.prepare(
      `SELECT ${taskColumns} FROM approval_task WHERE request_id = ? ORDER BY id`,
    ),
    insertTask: database.prepare(`
      INSERT INTO approval_task (id, approval_id, request_id, member, name, behalf, behalf_name, seat, state, link,
        created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    moveTask: database.prepare('UPDATE approval_task SET state = ?, decided = ? WHERE id = ? AND state = ?'),
    shiftSeats: database.prepare(
      'UPDATE approval_task SET seat = seat + ? WHERE approval_id = ? AND seat > ?',
    ),

    insertEvent: database.prepare(
      'INSERT INTO request_event (request_id, at, kind, facts) VALUES (?, ?, ?, ?)',
    ),
    events: database.prepare(
      'SELECT at, kind, facts FROM request_event WHERE request_id = ? ORDER BY number',
    ),

    insertCopy: database.prepare(
      'INSERT INTO request_copy (request_id, member, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    copy: database.prepare('SELECT 1 FROM request_copy WHERE request_id = ? AND member = ?'),
    readCopy: database.prepare(
      'UPDATE request_copy SET read_at = ? WHERE request_id = ? AND member = ? AND read_at IS NULL',
    ),

    countOpen: database.prepare(
      `SELECT count(*) AS decide FROM approval_task WHERE member = ? AND state = 'open'`,
    ),
    countUnread: database.prepare(
      'SELECT count(*) AS copied FROM request_copy WHERE member = ? AND read_at IS NULL',
    ),
    decide: database.prepare(`
      SELECT ${requestColumns}, task.created AS listedAt, task.id AS cursor, approval.due, NULL AS did, 0 AS isUnread
      FROM approval_task AS task
      JOIN approval ON approval.id = task.approval_id
      JOIN request ON request.id = task.request_id
      WHERE task.member = :member AND task.state = 'open' AND task.id < :before AND ${found}
      ORDER BY task.id DESC LIMIT :limit`),
    done: database.prepare(`
      SELECT ${requestColumns}, task.decided AS listedAt, ${cursorOf('task.decided', 'task.id')} AS cursor,
        NULL AS due, task.state AS did, 0 AS isUnread
      FROM approval_task AS task JOIN request ON request.id = task.request_id
      WHERE task.member = :member AND task.decided IS NOT NULL
        AND ${cursorOf('task.decided', 'task.id')} < :before AND ${found}
      ORDER BY task.decided DESC, task.id DESC LIMIT :limit`),
    initiated: database.prepare(`
      SELECT ${requestColumns}, request.created AS listedAt, request.id AS cursor, NULL AS due, NULL AS did,
        0 AS isUnread
      FROM request WHERE initiator = :member AND request.id < :before AND ${found}
      ORDER BY request.id DESC LIMIT :limit`),
    copied: database.prepare(`
      SELECT ${requestColumns}, copy.at AS listedAt, ${cursorOf('copy.at', 'request.id')} AS cursor, NULL AS due,
        NULL AS did, copy.read_at IS NULL AS isUnread
      FROM request_copy AS copy JOIN request ON request.id = copy.request_id
      WHERE copy.member = :member AND ${cursorOf('copy.at', 'request.id')} < :before AND ${found}
      ORDER BY copy.at DESC, request.id DESC LIMIT :limit`),
    monitor: database.prepare(`
      SELECT ${requestColumns}, request.created AS listedAt, request.id AS cursor,
        (SELECT min(due) FROM approval WHERE request_id = request.id AND state = 'open') AS due, NULL AS did,
        0 AS isUnread
      FROM request
      WHERE request.id < :before AND ${found} AND (:state IS NULL OR request.state = :state)
        AND (:process IS NULL OR request.function_name = :process)
        AND (:paused = 0 OR EXISTS (SELECT 1 FROM approval WHERE request_id = request.id AND state = 'paused'))
      ORDER BY request.id DESC LIMIT :limit`),

    text: database.prepare(`SELECT ${textColumns} FROM request_text WHERE id = ?`),
    textsOf: database.prepare(`SELECT ${textColumns} FROM request_text WHERE request_id = ? ORDER BY id`),
    insertText: database.prepare(`
      INSERT INTO request_text (id, request_id, task_id, member, name, kind, step, plan, state, due)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'due', ?)`),
    takeDueTexts: database.prepare(`UPDATE request_text SET state = 'sent' WHERE state = 'due' AND due <= ?`),
    textsWithoutRun: database.prepare(
      `SELECT id FROM request_text WHERE state = 'sent' AND run_id IS NULL ORDER BY id`,
    ),
    setTextRun: database.prepare('UPDATE request_text SET run_id = ? WHERE id = ?'),
    dropTexts: database.prepare(
      `UPDATE request_text SET state = 'dropped' WHERE task_id = ? AND state = 'due'`,
    ),

    nextDue: database.prepare(`
      SELECT min(due) AS due FROM (
        SELECT min(due) AS due FROM request_text WHERE state = 'due'
        UNION ALL
        SELECT min(due) FROM approval WHERE state = 'open' AND due IS NOT NULL AND ${isNotHeld})`),
    lateApprovals: database.prepare(`
      SELECT ${approvalColumns} FROM approval
      WHERE state = 'open' AND due IS NOT NULL AND due <= ? AND ${isNotHeld} ORDER BY due`),

    draft: database.prepare(
      'SELECT input, updated FROM request_draft WHERE member = ? AND function_name = ?',
    ),
    saveDraft: database.prepare(
      'INSERT OR REPLACE INTO request_draft (member, function_name, input, updated) VALUES (?, ?, ?, ?)',
    ),
    deleteDraft: database.prepare('DELETE FROM request_draft WHERE member = ? AND function_name = ?'),

    delegations: database.prepare(
      `SELECT ${delegationColumns} FROM delegation WHERE member = ? AND ends > ? ORDER BY starts, id`,
    ),
    deputy: database.prepare(`
      SELECT ${delegationColumns} FROM delegation
      WHERE member = :member AND starts <= :now AND ends > :now ORDER BY starts, id LIMIT 1`),
    insertDelegation: database.prepare('INSERT INTO delegation VALUES (?, ?, ?, ?, ?, ?)'),
    deleteDelegation: database.prepare('DELETE FROM delegation WHERE id = ? AND member = ?'),
  }
}
