import type { StatementSync } from 'node:sqlite'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { ChurnMap } from '../churn-map.ts'
import { isSettled } from '../../nodes/messages.ts'
import { noFigures } from '../metrics/figures.ts'
import type { LedgerFigures } from '../metrics/figures.ts'
import type { Database } from '../store/database.ts'
import { GroupCommit } from './group-commit.ts'
import type {
  AttemptRow,
  Follower,
  IdempotencyRow,
  InboxRow,
  Ledger,
  MessageOutcome,
  MessageRow,
  NewRun,
  Parking,
  OpenRun,
  RedeliveryRow,
  RunEnding,
  RunRow,
  ServiceUsage,
  StepRecord,
  StepsOfRun,
} from './ledger.ts'
import { SqliteCrashes } from './sqlite-crashes.ts'
import { ABSENCES_APART_MS, ALLOWANCE_MS, lookUpWaitsMs } from './look-up-waits.ts'
import { SqliteDeliveries } from './sqlite-deliveries.ts'
import { SqliteFirings } from './sqlite-firings.ts'
import { SqliteOldRuns } from './sqlite-old-runs.ts'
import { SqliteOnErrors } from './sqlite-on-errors.ts'
import { SqliteOptOuts } from './sqlite-opt-outs.ts'
import { messageParameters, readAttempt, readMessage, readRecords, readRun } from './sqlite-rows.ts'
import * as sql from './sqlite-statements.ts'
import { writeSteps } from './steps-text.ts'

/** A key is remembered at least this long. */
const IDEMPOTENCY_DAYS = 8

/** A run whose acceptance is not written yet: what follows until then goes into the same row. */
interface Accepting {
  /** Neither a dry run nor called by or made from another run nor started by a trigger. */
  isCommon: boolean
  /** Set with the first plan: the steps before it. */
  steps: string | null
  /** Set where the run ended without having planned anything. */
  end: RowEnd | null
  isWritten: boolean
}
/** Status, output, error, when it finished, and its last steps. */
type RowEnd = [string, string | null, string | null, number, string]

/** The ledger of one machine: ordinary tables in the data folder's SQLite file, written by group commit. */
export class SqliteLedger implements Ledger {
  readonly deliveries: SqliteDeliveries
  readonly optOuts: SqliteOptOuts
  readonly crashes: SqliteCrashes
  readonly firings: SqliteFirings
  readonly onErrors: SqliteOnErrors
  readonly oldRuns: SqliteOldRuns
  readonly #database: Database
  readonly #commits: GroupCommit
  readonly #figures: LedgerFigures
  /** Runs whose acceptance is not written yet. */
  readonly #accepting = new ChurnMap<Accepting>()
  /** What went into the row of its run's acceptance. */
  readonly #handedOver = new WeakSet<StepsOfRun>()
  readonly #keptGraphs = new Set<string>()
  readonly #insertRun: StatementSync
  readonly #insertEndedRun: StatementSync
  readonly #insertRecord: StatementSync
  readonly #insertMessage: StatementSync
  readonly #claimMessage: StatementSync
  readonly #claimBatched: StatementSync
  readonly #settleMessage: StatementSync
  readonly #insertAttempt: StatementSync
  readonly #finishRun: StatementSync
  readonly #writeUsageRow: StatementSync
  readonly #steady: (() => number) | undefined

  /** @param steady see `runtime/steady-clock.ts`; without it, plans of look-ups are made by the times of messages */
  constructor(database: Database, steady?: () => number, figures: LedgerFigures = noFigures) {
    this.#database = database
    this.#steady = steady
    this.#figures = figures
    this.#commits = new GroupCommit(database, figures)
    this.deliveries = new SqliteDeliveries(database, this.#commits, figures)
    this.optOuts = new SqliteOptOuts(database, this.#commits)
    this.crashes = new SqliteCrashes(database, this.#commits)
    this.firings = new SqliteFirings(database, this.#commits)
    this.oldRuns = new SqliteOldRuns(database, this.#commits)
    this.onErrors = new SqliteOnErrors(database, this.#commits)
    this.#insertRun = database.prepareGathered(sql.insertRun)
    this.#insertEndedRun = database.prepareGathered(sql.insertEndedRun)
    this.#insertRecord = database.prepareGathered(sql.insertRecord)
    this.#insertMessage = database.prepareGathered(sql.insertMessage)
    this.#claimMessage = database.prepareGathered(sql.claimMessage)
    this.#claimBatched = database.prepareGathered(sql.claimBatched)
    this.#settleMessage = database.prepareGathered(sql.settleMessage)
    this.#insertAttempt = database.prepareGathered(sql.insertAttempt)
    this.#finishRun = database.prepareGathered(sql.finishRun)
    this.#writeUsageRow = database.prepareGathered(sql.writeUsage)
  }

  async keepGraph(hash: string, graph: string, now: number): Promise<void> {
    if (this.#keptGraphs.has(hash)) return
    await this.#commits.write(() => {
      this.#database.prepare(sql.insertGraph).run(hash, graph, now)
    })
    this.#keptGraphs.add(hash)
  }

  forgetKept(): void {
    this.#keptGraphs.clear()
  }

  async graph(hash: string): Promise<string | undefined> {
    return (this.#database.prepare(sql.selectGraph).get(hash) as { graph: string } | undefined)?.graph
  }

  acceptRun(run: NewRun, idempotency?: Omit<IdempotencyRow, 'runId'>): Promise<void> {
    const { id, functionName, version, trigger, created } = run
    const input = JSON.stringify(run.input)
    const first: Accepting = {
      isCommon: !run.dryRun && !run.caller && !run.triggerId && !run.source,
      steps: null,
      end: null,
      isWritten: false,
    }
    this.#accepting.set(id, first)
    return this.#commits.write(() => {
      this.#accepting.delete(id)
      first.isWritten = false
      if (idempotency) this.#takeKey(idempotency, run)
      if (run.firing !== undefined) this.#startFiring(run.firing, id)
      if (!first.isCommon) {
        this.#insertRareRun(run, first.steps)
        return
      }
      if (first.end)
        this.#insertEndedRun.run(id, functionName, version, trigger, input, created, ...first.end)
      else this.#insertRun.run(id, functionName, version, trigger, input, created, first.steps)
      first.isWritten = true
    })
  }

  acceptRetry(run: NewRun, steps: readonly StepRecord[]): Promise<void> {
    const text = writeSteps(steps)
    return this.#commits.write(() => {
      this.#insertRareRun(run, null)
      if (steps.length > 0) this.#insertRecord.run(run.id, 0, text)
    })
  }

  #insertRareRun(run: NewRun, steps: string | null): void {
    const { id, functionName, version, trigger, input, created } = run
    const { runId = null, path = null, depth = null } = run.caller ?? {}
    const { changes } = this.#database
      .prepare(sql.insertRareRun)
      .run(
        ...[id, functionName, version, trigger, JSON.stringify(input), created, steps, run.dryRun ?? null],
        ...[runId, path, depth, run.triggerId ?? null, run.source?.runId ?? null, run.source?.kind ?? null],
      )
    if (changes === 0)
      throw new FlowError(ErrorCode.Conflict, 'There is a run in its place already, or its source is gone')
    if (run.source?.kind === 'on-error') this.onErrors.started(run.source.runId)
  }

  #takeKey({ key, inputHash }: Omit<IdempotencyRow, 'runId'>, run: NewRun): void {
    this.#database.prepare(sql.forgetKeys).run(run.created - IDEMPOTENCY_DAYS * 86_400_000)
    const { changes } = this.#database.prepare(sql.insertKey).run(key, inputHash, run.id, run.created)
    if (changes === 0) throw new FlowError(ErrorCode.Conflict, 'The idempotency key is taken')
  }

  #startFiring(firing: string, runId: string): void {
    const { changes } = this.#database.prepare(sql.startFiring).run(runId, firing)
    if (changes === 0) throw new FlowError(ErrorCode.Conflict, 'The firing does not wait any more')
  }

  async findIdempotent(key: string): Promise<IdempotencyRow | undefined> {
    this.#commits.refuseAfterFailure()
    return this.#database.prepare(sql.selectKey).get(key) as IdempotencyRow | undefined
  }

  finishRun(
    runId: string,
    { status, output, error, finished, steps, isAwaited, startsOnError }: RunEnding,
  ): Promise<boolean> {
    const outputText = output === null ? null : JSON.stringify(output)
    const errorText = error === null ? null : JSON.stringify(error)
    const end: RowEnd = [status, outputText, errorText, finished, writeSteps(steps)]
    const noted = (hasEnded: boolean) => {
      if (isAwaited && hasEnded) this.#database.prepare(sql.noteEnd).run(runId)
      if (startsOnError && hasEnded) this.onErrors.note(runId)
      return hasEnded
    }
    const accepting = this.#accepting.get(runId)
    if (accepting?.isCommon && accepting.steps === null) {
      accepting.end = end
      return this.#commits.write(() => noted(accepting.isWritten))
    }
    return this.#commits.write(() => noted(this.#finishRun.run(runId, ...end).changes === 1))
  }

  requestCancel(runId: string): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.cancelRun).run(runId)
    })
  }

  planMessages(messages: readonly MessageRow[], stepsOfRun: StepsOfRun, whole?: number): Promise<void> {
    const { runId, number, steps } = stepsOfRun
    const stepsText = writeSteps(steps)
    const accepting = this.#accepting.get(runId)
    // one row has room for the steps of one plan: branches may plan in the same moment
    if (accepting?.steps === null && steps.length > 0) {
      accepting.steps = stepsText
      this.#handedOver.add(stepsOfRun)
    }
    // Where only the acceptance could be written, the messages come again and the steps are there already.
    const isRecorded = steps.length === 0 || this.#handedOver.has(stepsOfRun)
    return this.#commits.write(() => {
      if (!isRecorded) this.#insertRecord.run(runId, number, stepsText)
      if (whole !== undefined) this.#database.prepare(sql.insertPlan).run(runId, messages[0]!.path, whole)
      for (const message of messages) {
        this.#insertMessage.run(...messageParameters(message))
        if (isSettled(message.state)) this.#figures.settled(message.serviceId, message.state)
      }
    })
  }

  dropPlan(runId: string, path: string): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.dropPlanned).run(runId, path)
      this.#database.prepare(sql.dropPlan).run(runId, path)
    })
  }

  claimMessage(message: MessageRow, attempt: number, usage?: ServiceUsage): Promise<boolean> {
    return this.#commits.write(() => {
      const { changes } = this.#claimMessage.run(
        attempt,
        message.updated,
        message.runId,
        message.number,
        attempt,
      )
      if (usage) this.#writeUsage(usage)
      return changes === 1
    })
  }

  claimMessages(messages: readonly MessageRow[], usage?: ServiceUsage): Promise<boolean[]> {
    return this.#commits.write(() => {
      if (usage) this.#writeUsage(usage)
      return messages.map(({ updated, options, runId, number, attempts }) => {
        const optionsText = options ? JSON.stringify(options) : null
        return this.#claimBatched.run(updated, optionsText, runId, number, attempts).changes === 1
      })
    })
  }

  record({ runId, number, steps }: StepsOfRun): Promise<void> {
    const text = writeSteps(steps)
    return this.#commits.write(() => {
      if (steps.length > 0) this.#insertRecord.run(runId, number, text)
    })
  }

  async calledRun(runId: string, path: string): Promise<string | undefined> {
    this.#commits.refuseAfterFailure()
    return (this.#database.prepare(sql.selectCalled).get(runId, path) as { id: string } | undefined)?.id
  }

  park({ wakeAt, wakesOnReceipt, parkedAt }: Parking, { runId, number, steps }: StepsOfRun): Promise<void> {
    const text = writeSteps(steps)
    return this.#commits.write(() => {
      if (steps.length > 0) this.#insertRecord.run(runId, number, text)
      this.#database.prepare(sql.parkRun).run(wakeAt, wakesOnReceipt ? 1 : 0, parkedAt, runId)
    })
  }

  unpark(runId: string): Promise<boolean> {
    return this.#commits.write(() => this.#database.prepare(sql.unparkRun).run(runId).changes === 1)
  }

  async parkedRuns(until: number): Promise<string[]> {
    return this.#database
      .prepare(sql.selectParked)
      .all(until)
      .map(({ id }) => id as string)
  }

  async parkedAfter(time: number): Promise<string[]> {
    return this.#database
      .prepare(sql.selectParkedAfter)
      .all(time)
      .map(({ id }) => id as string)
  }

  async nextWake(): Promise<number | undefined> {
    const row = this.#database.prepare(sql.selectNextWake).get() as { wakeAt: number | null }
    return row.wakeAt ?? undefined
  }

  async wakesOnReceipt(runId: string): Promise<boolean> {
    return this.#database.prepare(sql.selectWakesOnReceipt).get(runId) !== undefined
  }

  async setTimer(path: string, due: number, { runId, number, steps }: StepsOfRun): Promise<number> {
    return this.#commits.write(() => {
      if (steps.length > 0) this.#insertRecord.run(runId, number, writeSteps(steps))
      this.#database.prepare(sql.insertTimer).run(runId, path, due)
      return (this.#database.prepare(sql.selectTimer).get(runId, path) as { due: number }).due
    })
  }

  beginRequest(path: string, begun: number, { runId, number, steps }: StepsOfRun): Promise<boolean> {
    return this.#commits.write(() => {
      if (steps.length > 0) this.#insertRecord.run(runId, number, writeSteps(steps))
      return this.#database.prepare(sql.insertRequest).run(runId, path, begun).changes === 1
    })
  }

  notify(entries: readonly InboxRow[], { runId, number, steps }: StepsOfRun): Promise<void> {
    return this.#commits.write(() => {
      if (steps.length > 0) this.#insertRecord.run(runId, number, JSON.stringify(steps))
      const insert = this.#database.prepare(sql.insertInboxEntry)
      for (const { id, memberId, path, functionName, title, text, link, created } of entries) {
        insert.run(id, memberId, runId, path, functionName, title, text, link ?? null, created)
      }
    })
  }

  settleMessage(message: MessageRow, attempt?: AttemptRow, usage?: ServiceUsage): Promise<void> {
    return this.#commits.write(() => {
      this.#settle(message, attempt)
      if (usage) this.#writeUsage(usage)
    })
  }

  settleMessages(outcomes: readonly MessageOutcome[], usage?: ServiceUsage): Promise<void> {
    return this.#commits.write(() => {
      for (const { message, attempt } of outcomes) this.#settle(message, attempt)
      if (usage) this.#writeUsage(usage)
    })
  }

  handOver(message: MessageRow, attempt: AttemptRow, usage?: ServiceUsage): Promise<void> {
    const { serviceId, options, error, updated, runId, number } = message
    return this.#commits.write(() => {
      this.#database
        .prepare(sql.handOver)
        .run(
          serviceId,
          options ? JSON.stringify(options) : null,
          error ? JSON.stringify(error) : null,
          updated,
          runId,
          number,
        )
      this.#addAttempt(message, attempt)
      if (usage) this.#writeUsage(usage)
    })
  }

  reopen(messages: readonly MessageRow[], { runId, path, created }: RedeliveryRow): Promise<boolean[]> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.insertRedelivery).run(runId, path, created)
      const reopen = this.#database.prepare(sql.reopenMessage)
      return messages.map(({ serviceId, options, updated, number }) => {
        const optionsText = options ? JSON.stringify(options) : null
        return reopen.run(serviceId, optionsText, updated, runId, number).changes === 1
      })
    })
  }

  endRedelivery(runId: string, path: string): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.deleteRedelivery).run(runId, path)
    })
  }

  async redeliveries(): Promise<RedeliveryRow[]> {
    return this.#database.prepare(sql.selectRedeliveries).all() as unknown as RedeliveryRow[]
  }

  async serviceUsages(): Promise<ServiceUsage[]> {
    return this.#database.prepare(sql.selectUsages).all() as unknown as ServiceUsage[]
  }

  #writeUsage({ serviceId, dueAt, day, messages, segments }: ServiceUsage): void {
    this.#writeUsageRow.run(serviceId, dueAt, day, messages, segments)
  }

  #settle(message: MessageRow, attempt: AttemptRow | undefined): void {
    this.#settleMessage.run(
      message.state,
      message.skipped ?? null,
      message.wakeAt ?? null,
      message.providerId ?? null,
      message.segments ?? null,
      message.error ? JSON.stringify(message.error) : null,
      message.updated,
      message.runId,
      message.number,
    )
    if (isSettled(message.state)) this.#figures.settled(message.serviceId, message.state)
    if (attempt) this.#addAttempt(message, attempt)
    if (message.state === 'unknown') this.#noteUnknown(message, attempt?.started ?? message.updated)
    else if (message.attempts > 1)
      this.#database.prepare(sql.deleteUnknown).run(message.runId, message.number)
  }

  /** From now on the provider is asked for it, unless its receipt was faster than its outcome. */
  #noteUnknown({ runId, number, serviceId, updated }: MessageRow, since: number): void {
    const { changes } = this.#database.prepare(sql.acceptByReceipt).run(runId, number)
    if (changes > 0) return this.#figures.settled(serviceId, 'accepted')
    const from = this.#steady?.() ?? updated
    this.#database
      .prepare(sql.insertUnknown)
      .run(runId, number, since, from + ALLOWANCE_MS, from + lookUpWaitsMs[0]!)
  }

  #addAttempt(message: MessageRow, attempt: AttemptRow): void {
    this.#insertAttempt.run(
      message.runId,
      message.number,
      attempt.attempt,
      attempt.started,
      attempt.finished,
      attempt.outcome,
      JSON.stringify(attempt.evidence),
      attempt.serviceId ?? null,
    )
  }

  async run(id: string): Promise<OpenRun | undefined> {
    const row = this.#database.prepare(sql.selectRun).get(id)
    return row ? this.#withHistory(readRun(row)) : undefined
  }

  async runRow(id: string): Promise<RunRow | undefined> {
    const row = this.#database.prepare(sql.selectRun).get(id)
    return row && readRun(row)
  }

  async attempts(runId: string, number: number): Promise<AttemptRow[]> {
    return this.#database.prepare(sql.selectAttempts).all(runId, number).map(readAttempt)
  }

  async followers(runId: string): Promise<Follower[]> {
    return this.#database.prepare(sql.selectFollowers).all(runId) as unknown as Follower[]
  }

  async messagesAt(runId: string, path: string): Promise<MessageRow[]> {
    return this.#database.prepare(sql.selectMessagesAt).all(runId, path).map(readMessage)
  }

  async runs(filter: Parameters<Ledger['runs']>[0]): Promise<RunRow[]> {
    const before = filter.before ?? '~' // sorts after every ULID
    const rows = filter.function
      ? this.#database.prepare(sql.selectRunsOfFunction).all(filter.function, before, filter.limit)
      : this.#database.prepare(sql.selectRuns).all(before, filter.limit)
    return rows.map(readRun)
  }

  async recover(now: number): Promise<OpenRun[]> {
    this.#database.transaction(() => {
      const error = JSON.stringify({
        code: ErrorCode.SmsOutcomeUnknown,
        message: 'The server stopped while this message was on its way',
        hint: 'Ask the person or look into the provider’s log before you send it again.',
      })
      const from = this.#steady?.() ?? now
      const absentAfter = from + ALLOWANCE_MS
      const due = from + lookUpWaitsMs[0]!
      this.#database.prepare(sql.bringPlansNearer).run(from, absentAfter, JSON.stringify(lookUpWaitsMs))
      this.#database.prepare(sql.bringWaitsNearer).run(absentAfter + ABSENCES_APART_MS)
      this.#database.prepare(sql.noteDispatching).run(due, absentAfter)
      this.#database.prepare(sql.closeDispatching).run(error, now)
      this.#database.prepare(sql.closeResending).run(error, now)
      this.#database.prepare(sql.unparkDue).run(now)
      this.#database.prepare(sql.reopenResending).run(due, absentAfter)
    })
    const rows = this.#database.prepare(sql.selectOpenRuns).all()
    return rows.map((row) => this.#withHistory(readRun(row)))
  }

  async flushed(): Promise<void> {
    await this.#commits.write(() => undefined)
  }

  #withHistory(run: RunRow): OpenRun {
    const records = readRecords(this.#database.prepare(sql.selectRecords).all(run.id))
    const messages = this.#database.prepare(sql.selectMessages).all(run.id)
    const plans = this.#database.prepare(sql.selectBrokenPlans).all(run.id) as { path: string }[]
    return {
      run,
      ...records,
      messages: messages.map(readMessage),
      brokenPlans: plans.map(({ path }) => path),
    }
  }
}
