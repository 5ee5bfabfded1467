import { hash } from 'node:crypto'
import type { StatementSync } from 'node:sqlite'
import { addReceipt } from '../../nodes/delivery.ts'
import { ErrorCode } from '../../nodes/errors.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { MessageError } from '../../nodes/messages.ts'
import type { LedgerFigures } from '../metrics/figures.ts'
import type { Database } from '../store/database.ts'
import type { Deliveries, HeldResend, ReceiptRow, UnknownRow } from './deliveries.ts'
import type { GroupCommit } from './group-commit.ts'
import type { MessageRow, ServiceUsage } from './ledger.ts'
import { readMessage } from './sqlite-rows.ts'
import type { Row } from './sqlite-rows.ts'
import * as sql from './sqlite-statements.ts'

/** Receipts and unknown messages in the data folder's SQLite file, written in the ledger's commits. */
export class SqliteDeliveries implements Deliveries {
  readonly #database: Database
  readonly #commits: GroupCommit
  readonly #figures: LedgerFigures
  readonly #selectMessage: StatementSync
  readonly #insertReceipt: StatementSync
  readonly #updateByReceipt: StatementSync
  readonly #deleteUnknown: StatementSync

  constructor(database: Database, commits: GroupCommit, figures: LedgerFigures) {
    this.#database = database
    this.#figures = figures
    this.#commits = commits
    this.#selectMessage = database.prepare(sql.selectMessage)
    this.#insertReceipt = database.prepare(sql.insertReceipt)
    this.#updateByReceipt = database.prepare(sql.updateByReceipt)
    this.#deleteUnknown = database.prepare(sql.deleteUnknown)
  }

  keepReceipt(receipt: ReceiptRow): Promise<MessageRow | undefined> {
    return this.#commits.write(() => {
      const message = this.#message(receipt.runId, receipt.number)
      if (!message || !this.#insert(receipt)) return undefined
      const after = this.#after(message, receipt)
      if (after === message) return undefined
      this.#updateByReceipt.run(
        after.state,
        after.providerId ?? null,
        after.error ? JSON.stringify(after.error) : null,
        after.wakeAt ?? null,
        after.delivery ?? null,
        after.deliveryCode ?? null,
        after.deliveryConflict ? 1 : null,
        after.updated,
        after.runId,
        after.number,
      )
      if (after.state !== message.state) {
        this.#deleteUnknown.run(after.runId, after.number)
        this.#figures.settled(after.serviceId, after.state)
      }
      return after
    })
  }

  async receipts(runId: string, number: number): Promise<ReceiptRow[]> {
    return this.#database.prepare(sql.selectReceipts).all(runId, number).map(readReceipt)
  }

  async message(runId: string, number: number): Promise<MessageRow | undefined> {
    return this.#message(runId, number)
  }

  async messageTo(runId: string, from: number, phone: string): Promise<MessageRow | undefined> {
    const row = this.#database.prepare(sql.selectMessageTo).get(runId, from, phone)
    return row && readMessage(row)
  }

  async knownProviderIds(ids: readonly string[], since: string): Promise<Set<string>> {
    const rows = this.#database.prepare(sql.selectKnownIds).all(since, JSON.stringify(ids))
    return new Set(rows.map((row) => row['provider_id'] as string))
  }

  async dueUnknowns(now: number, limit: number): Promise<UnknownRow[]> {
    return this.#database.prepare(sql.selectDueUnknowns).all(now, limit).map(readUnknown)
  }

  async nextUnknown(): Promise<number | undefined> {
    const row = this.#database.prepare(sql.selectNextUnknown).get() as { due: number | null }
    return row.due ?? undefined
  }

  async unknown(runId: string, number: number): Promise<UnknownRow | undefined> {
    const row = this.#database.prepare(sql.selectUnknown).get(runId, number)
    return row && readUnknown(row)
  }

  async unknowns({ before, limit }: Parameters<Deliveries['unknowns']>[0]) {
    const rows = this.#database
      .prepare(sql.selectUnknowns)
      .all(before?.runId ?? '~', before?.number ?? 0, limit)
    return rows.map((row) => {
      const unknown = readUnknown(row)
      const message = this.#message(unknown.runId, unknown.number)!
      return { unknown, message, functionName: row['function_name'] as string }
    })
  }

  planLookUp(unknown: UnknownRow): Promise<void> {
    return this.#commits.write(() => {
      const { runId, number, phase, since, absentAfter, due, tries, absences, held } = unknown
      this.#database
        .prepare(sql.updateUnknown)
        .run(phase, since, absentAfter, due, tries, JSON.stringify(absences), held ?? null, runId, number)
    })
  }

  clockShift(): number {
    return readClockShift(this.#database)
  }

  noteClockShift(milliseconds: number): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.writeClockShift).run(JSON.stringify(milliseconds))
    })
  }

  claimAgain(message: MessageRow, attempt: number, usage?: ServiceUsage): Promise<boolean> {
    return this.#commits.write(() => {
      const { runId, number, updated, options } = message
      const optionsText = options ? JSON.stringify(options) : null
      const { changes } = this.#database
        .prepare(sql.claimAgain)
        .run(attempt, updated, optionsText, runId, number, attempt)
      if (changes === 0) return false
      this.#database.prepare(sql.markResending).run(updated, runId, number)
      if (usage) {
        const { serviceId, dueAt, day, messages, segments } = usage
        this.#database.prepare(sql.writeUsage).run(serviceId, dueAt, day, messages, segments)
      }
      return true
    })
  }

  #message(runId: string, number: number): MessageRow | undefined {
    const row = this.#selectMessage.get(runId, number)
    return row && readMessage(row)
  }

  /** @returns false where this very receipt is kept already */
  #insert(receipt: ReceiptRow): boolean {
    const { runId, number, at, source, status, code, proof, delivery, providerId, facts } = receipt
    // A provider repeats itself; who looks or asks twice learns something each time.
    const said = [source, status, code, proof, delivery, providerId, facts, source === 'report' ? 0 : at]
    const { changes } = this.#insertReceipt.run(
      runId,
      number,
      hash('sha256', JSON.stringify(said), 'base64url').slice(0, 22),
      at,
      source,
      status,
      code ?? null,
      proof,
      delivery ?? null,
      providerId ?? null,
      JSON.stringify(facts),
    )
    return changes === 1
  }

  /** The message after a receipt; the same object where nothing changes. */
  #after(message: MessageRow, receipt: ReceiptRow): MessageRow {
    const state = this.#stateAfter(message, receipt)
    const raised =
      state === 'accepted' || state === 'dispatching' ? addReceipt(message, receipt) : { ...message }
    const changed =
      state !== message.state ||
      raised.delivery !== message.delivery ||
      raised.deliveryCode !== message.deliveryCode ||
      raised.deliveryConflict !== message.deliveryConflict
    if (!changed) return message
    const after = { ...message, ...raised, state, updated: receipt.at }
    if (state === message.state) return after
    after.wakeAt = undefined
    after.providerId ??= state === 'accepted' ? receipt.providerId : undefined
    after.error = state === 'accepted' ? undefined : notSent
    return after
  }

  /** Proof ends what is unknown. That the provider has the message weighs more than anybody's word that it has not. */
  #stateAfter(message: MessageRow, { proof }: ReceiptRow): MessageRow['state'] {
    const { state, attempts } = message
    if (proof === 'none') return state
    const isOpen = (state === 'planned' || state === 'retry-wait') && attempts > 0
    if (state !== 'unknown' && !isOpen && !(state === 'rejected' && proof === 'accepted')) return state
    if (proof === 'accepted') return state === 'rejected' && !this.#saidNotSent(message) ? state : 'accepted'
    return state === 'unknown' ? 'rejected' : state
  }

  #saidNotSent({ runId, number }: MessageRow): boolean {
    return this.#database
      .prepare(sql.selectReceipts)
      .all(runId, number)
      .some((row) => row['proof'] === 'not-sent')
  }
}

/** See `Deliveries.clockShift`. */
export function readClockShift(database: Database): number {
  const row = database.prepare(sql.selectClockShift).get() as { value: string } | undefined
  return row ? (JSON.parse(row.value) as number) : 0
}

const notSent: MessageError = {
  code: ErrorCode.SmsUnreachable,
  message: 'Somebody found out that it was not sent',
}

const optional = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T))

function readReceipt(row: Row): ReceiptRow {
  return {
    runId: row['run_id'] as string,
    number: row['number'] as number,
    at: row['at'] as number,
    source: row['source'] as ReceiptRow['source'],
    status: row['status'] as string,
    code: optional(row['code']),
    proof: row['proof'] as ReceiptRow['proof'],
    delivery: optional(row['delivery']),
    providerId: optional(row['provider_id']),
    facts: JSON.parse(row['facts'] as string) as JsonObject,
  }
}

function readUnknown(row: Row): UnknownRow {
  return {
    runId: row['run_id'] as string,
    number: row['number'] as number,
    phase: row['phase'] as UnknownRow['phase'],
    since: row['since'] as number,
    absentAfter: row['absent_after'] as number,
    due: row['due'] as number,
    tries: row['tries'] as number,
    absences: JSON.parse(row['absences'] as string) as number[],
    held: optional<HeldResend>(row['held']),
    isRestored: row['restored'] === 1 || undefined,
  }
}
