import type { JsonObject } from '../../nodes/json.ts'
import type { DeliveryState } from '../../nodes/messages.ts'
import type { HeldResend } from '../../nodes/api/unknown-messages.ts'
import type { MessageRow, ServiceUsage } from './ledger.ts'

export type { HeldResend }

/** What was learnt of a message after its attempt: by the provider's own report, by asking it, or from a person. */
export interface ReceiptRow {
  runId: string
  number: number
  at: number
  source: 'report' | 'look-up' | 'person'
  /** The word of the source, for example `undelivered`. */
  status: string
  code?: string | undefined
  /** What it proves of the attempt: taken by the provider, certainly not, or neither. */
  proof: 'accepted' | 'not-sent' | 'none'
  delivery?: DeliveryState | undefined
  providerId?: string | undefined
  /** What else it said: nothing secret or personal. */
  facts: JsonObject
}

/**
 * An unknown message, and the plan by which its provider is asked for it. Moments of the plan are those of the steady
 * clock (`runtime/steady-clock.ts`), which does not follow where the clock on the wall is put.
 */
export interface UnknownRow {
  runId: string
  number: number
  /**
   * `waiting` for its next look-up; `absent`: proved not to be with the provider; `final`: nobody will ask any more;
   * `resending`: a further attempt is on its way.
   */
  phase: 'waiting' | 'absent' | 'final' | 'resending'
  /** Begin of the attempt that nobody knows the end of, by the clock on the wall. */
  since: number
  /** A look-up that finds nothing counts from this moment on. */
  absentAfter: number
  due: number
  tries: number
  /** Moments of the look-ups that counted and found nothing. */
  absences: number[]
  /** Another server may have sent it, nobody knows when and under which id: that it is not found proves nothing. */
  isRestored?: boolean | undefined
  /**
   * What kept the last attempt to send it again, where it was kept; with `quiet-hours` perhaps only until `due`, which
   * is then a moment of the clock on the wall.
   */
  held?: HeldResend | undefined
}

/** An unknown message with what a person needs to know to do something about it. */
export interface ListedUnknown {
  unknown: UnknownRow
  message: MessageRow
  functionName: string
}

/** The part of the ledger that knows what became of messages after their attempts. Its writes share the ledger's commits. */
export interface Deliveries {
  /**
   * Adds a receipt and lets it act: proof turns an unknown message into `accepted` or `rejected`, and its delivery
   * rises. The same receipt again changes nothing, and the order of receipts does not matter.
   * @returns the message where something of it changed
   */
  keepReceipt(receipt: ReceiptRow): Promise<MessageRow | undefined>
  receipts(runId: string, number: number): Promise<ReceiptRow[]>
  message(runId: string, number: number): Promise<MessageRow | undefined>
  /** A message of the run to this number, among those from `from` on: batches share one id at the provider. */
  messageTo(runId: string, from: number, phone: string): Promise<MessageRow | undefined>
  /** Which of these provider ids belong to messages of this run or a later one. */
  knownProviderIds(ids: readonly string[], sinceRun: string): Promise<Set<string>>

  /** Unknown messages whose look-up is due, the longest waiting first. */
  dueUnknowns(now: number, limit: number): Promise<UnknownRow[]>
  /** When the next look-up is due, also in the past. */
  nextUnknown(): Promise<number | undefined>
  /** Newest first; before the message of this id where one is given. */
  unknowns(filter: {
    before?: { runId: string; number: number } | undefined
    limit: number
  }): Promise<ListedUnknown[]>
  unknown(runId: string, number: number): Promise<UnknownRow | undefined>
  /** Writes when to ask next, and what was found so far. */
  planLookUp(unknown: UnknownRow): Promise<void>
  /** By how much the clock on the wall was ahead of the steady clock when it was noted last, also before a restart. */
  clockShift(): number
  noteClockShift(milliseconds: number): Promise<void>
  /**
   * Turns an unknown message into `dispatching` once more, and writes its options.
   * @param message its `updated` is the begin of the attempt
   * @param usage of its service, this message included
   * @returns false where it is not unknown any more
   */
  claimAgain(message: MessageRow, attempt: number, usage?: ServiceUsage): Promise<boolean>
}
