import type { DurableWriter, Writing } from './durable-writer.ts'
import type { SendOutcome, SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { AttemptRow, Ledger, MessageRow } from '../ledger/ledger.ts'
import { messageId } from './describe-run.ts'
import { evidence, messageError } from './outcome.ts'

/** Further attempts of unknown messages on the wire at the same time. */
const AT_ONCE = 4
/** Bytes leave within this time after the claim was written, or not at all. */
const DISPATCH_DEADLINE_MS = 10_000
/** Wait before a further attempt that follows one which was not taken either; Retry-After may make it longer. */
const AGAIN_MS = 60_000

export interface SendAgainDependencies {
  ledger: Ledger
  writer: DurableWriter
  provider: (serviceId: string) => Promise<SmsProvider>
  clock: () => number
  /** Told of the message after its attempt. */
  changed: (message: MessageRow) => void
}

/**
 * A further attempt of an unknown message: after its absence was proved, or because somebody decided that a second
 * text does less harm than none. The same two durable barriers stand around it as around the first.
 */
export class SendAgain {
  readonly #options: SendAgainDependencies
  readonly #waiting: (() => void)[] = []
  #held = 0
  #closed = false

  constructor(options: SendAgainDependencies) {
    this.#options = options
  }

  /** Attempts on the wire. */
  get held(): number {
    return this.#held
  }

  /** Starts nothing any more. */
  close(): void {
    this.#closed = true
  }

  /**
   * @param isAbsent whether it is proved that no earlier attempt was taken: only then is a refusal the end
   * @param isWanted asked at the last moment; false: no attempt starts
   * @returns the message afterwards; undefined where it is not unknown any more, and nothing was sent
   * @throws FlowError where the service is gone or its secrets cannot be read
   */
  async send(
    unknown: MessageRow,
    isAbsent: boolean,
    isWanted: () => boolean = always,
  ): Promise<MessageRow | undefined> {
    const provider = await this.#options.provider(unknown.serviceId)
    await this.#take()
    try {
      return isWanted() ? await this.#attempt(unknown, provider, isAbsent, isWanted) : undefined
    } finally {
      this.#held--
      if (!this.#closed) this.#waiting.shift()?.()
    }
  }

  async #attempt(
    unknown: MessageRow,
    provider: SmsProvider,
    isAbsent: boolean,
    isWanted: () => boolean,
  ): Promise<MessageRow | undefined> {
    const { ledger, writer, clock, changed } = this.#options
    const attempts = unknown.attempts + 1
    const message: MessageRow = { ...unknown, state: 'dispatching', attempts, updated: clock() }
    const claimedAt = performance.now()
    if (!(await ledger.deliveries.claimAgain(message, attempts))) return undefined
    const started = clock()
    const isLate = performance.now() - claimedAt > DISPATCH_DEADLINE_MS
    const outcome: SendOutcome =
      isLate || !isWanted()
        ? { state: 'unreachable', error: notSent(provider.name, isLate) }
        : await provider.send({
            id: messageId(message),
            attempt: attempts,
            to: message.phone,
            ...message.body,
          })
    message.updated = clock()
    conclude(message, outcome, isAbsent)
    const attempt = describeAttempt(attempts, outcome, started, message.updated)
    const writing: Writing = { dropped: false, unwritten: undefined }
    await writer.durably(writing, () => ledger.settleMessage(message, attempt))
    if (message.state === 'unknown' && outcome.state !== 'unknown') {
      const retryAfterMs = outcome.state === 'throttled' ? (outcome.retryAfterMs ?? 0) : 0
      const due = message.updated + Math.max(AGAIN_MS, retryAfterMs)
      await writer.durably(writing, () => this.#keepVerdict(message, isAbsent, due))
    }
    const after = (await ledger.deliveries.message(message.runId, message.number)) ?? message
    changed(after)
    return after
  }

  /** This attempt was certainly not taken: what was known of the earlier ones still holds. */
  async #keepVerdict({ runId, number }: MessageRow, isAbsent: boolean, due: number): Promise<void> {
    const { deliveries } = this.#options.ledger
    const row = await deliveries.unknown(runId, number)
    if (row) await deliveries.planLookUp({ ...row, phase: isAbsent ? 'absent' : 'final', tries: 1, due })
  }

  #take(): Promise<void> {
    this.#held++
    if (this.#held <= AT_ONCE && !this.#closed) return Promise.resolve()
    this.#held--
    return new Promise((resolve) =>
      this.#waiting.push(() => {
        this.#held++
        resolve()
      }),
    )
  }
}

function conclude(message: MessageRow, outcome: SendOutcome, isAbsent: boolean): void {
  if (outcome.state === 'accepted') {
    message.state = 'accepted'
    message.providerId = outcome.providerId
    message.segments = outcome.segments
    message.error = undefined
    return
  }
  message.state = outcome.state === 'rejected' && isAbsent ? 'rejected' : 'unknown'
  // Where an earlier attempt may have been taken, its own evidence says more than this refusal.
  if (message.state === 'rejected' || outcome.state === 'unknown') message.error = messageError(outcome)
}

function describeAttempt(
  attempt: number,
  outcome: SendOutcome,
  started: number,
  finished: number,
): AttemptRow | undefined {
  if (outcome.state === 'accepted') return undefined
  return { attempt, started, finished, outcome: outcome.state, evidence: evidence(outcome.error) }
}

function notSent(provider: SmsProvider['name'], isLate: boolean) {
  return {
    provider,
    providerCode: isLate ? 'DISPATCH_DEADLINE' : 'CANCELLED',
    about: 'network' as const,
    message: isLate
      ? 'The process was held up before the request could leave; nothing was sent'
      : 'The run was cancelled before the request could leave; nothing was sent',
  }
}

const always = () => true
