import { encodeTime } from 'ulid'
import { FlowError } from '../../nodes/errors.ts'
import type { FoundSms, LookUp, SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { Deliveries, ReceiptRow, UnknownRow } from '../ledger/deliveries.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import { ALLOWANCE_MS } from '../ledger/look-up-waits.ts'
import { messageId, requestId } from './describe-run.ts'
import { outgoing } from './outgoing.ts'
import { UNREACHABLE_MS, afterLookUp, withoutLookUp } from './look-up-plan.ts'

/** Look-ups of one round, and of one service at the same time. */
const ROUND = 500
const AT_ONCE = 8
/** A timer longer than this is set anew on the way: clocks may be put right meanwhile. */
const LONGEST_SLEEP_MS = 60_000
/** Ids of messages in runs that began this long before may be mistaken for another message of the same text. */
const KNOWN_BEFORE_MS = 48 * 60 * 60 * 1_000
/** The clock on the wall was put somewhere else, rather than set right a little. */
const PUT_MS = 1_000
/** A request ends within this time, and an attempt within that; what the process died in is found at the next start. */
const LONGEST_REQUEST_MS = 30_000
const LONGEST_ATTEMPT_MS = 5 * 60_000
/** After a round that failed, for example because the store is full: the provider must not be asked without end. */
const AFTER_FAILURE_MS = 10_000

/** What is known of a message after everything that could be asked was asked. */
export type Verdict = 'settled' | 'absent' | 'cannot-be-asked' | 'hold'

export interface ReconcilerDependencies {
  deliveries: Deliveries
  /** The client of a message's service. */
  provider: (serviceId: string) => Promise<SmsProvider>
  /** The clock on the wall, for what providers and people are told. */
  clock: () => number
  /** The clock of the plans: see `runtime/steady-clock.ts`. */
  steady: () => number
  /** Told of each message that is not what it was. */
  changed: (message: MessageRow) => void
  unforeseen: (error: unknown) => void
}

interface Asked {
  unknown: UnknownRow
  message: MessageRow
  /** On the steady clock. */
  began: number
  /** On the clock on the wall. */
  at: number
  found: LookUp
}

/**
 * Asks the providers for messages that nobody knows the outcome of, by a plan that is kept in the ledger. It texts
 * nobody: what follows from an absence is for the step's policy, or for a person.
 */
export class Reconciler {
  readonly #deliveries: Deliveries
  readonly #options: ReconcilerDependencies
  readonly #waiting = new Map<string, ((verdict: Verdict) => void)[]>()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #notBefore = 0
  #clockShift: number
  readonly #stop = new AbortController()

  constructor(options: ReconcilerDependencies) {
    this.#options = options
    this.#deliveries = options.deliveries
    this.#clockShift = options.deliveries.clockShift()
  }

  /** Goes on with the plan; call again whenever a message has become unknown. */
  async schedule(): Promise<void> {
    await this.watchClock()
    if (this.#stop.signal.aborted) return
    const due = await this.#deliveries.nextUnknown()
    if (due === undefined || this.#stop.signal.aborted || this.#round) return
    clearTimeout(this.#timer)
    const pause = this.#notBefore - performance.now()
    const wait = Math.min(Math.max(0, pause, due - this.#options.steady()), LONGEST_SLEEP_MS)
    this.#timer = setTimeout(() => void this.lookUpDue(), wait)
    if (this.#waiting.size === 0) this.#timer.unref()
  }

  /** Notes where the clock on the wall was put, so that plans go on at the true pace after a restart too. */
  async watchClock(): Promise<void> {
    const shift = this.#options.clock() - this.#options.steady()
    if (Math.abs(shift - this.#clockShift) < PUT_MS || this.#stop.signal.aborted) return
    try {
      await this.#deliveries.noteClockShift(shift)
      this.#clockShift = shift
    } catch {
      // the store is full or away: noted with the next look
    }
  }

  /** Looks up what is due now. One round at a time. */
  lookUpDue(): Promise<void> {
    this.#round ??= this.#lookUp()
      .catch((error: unknown) => {
        this.#notBefore = performance.now() + AFTER_FAILURE_MS
        this.#options.unforeseen(error)
      })
      .finally(() => {
        this.#round = undefined
        void this.schedule()
      })
    return this.#round
  }

  /** Waits until it is known what became of an unknown message, or that nobody will ask any more. */
  async verdict(message: MessageRow): Promise<Verdict> {
    const unknown = await this.#deliveries.unknown(message.runId, message.number)
    const known = unknown ? verdictOf(unknown) : 'settled'
    if (known) return known
    const id = messageId(message)
    return new Promise((resolve) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve])
      void this.schedule()
    })
  }

  /** Tells those who wait that a message is settled, by whatever proof. */
  settled(message: Pick<MessageRow, 'runId' | 'number'>): void {
    this.#tell(message, 'settled')
  }

  /** Asks nobody any more; what waits, waits until the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    clearTimeout(this.#timer)
    await this.#round
  }

  async #lookUp(): Promise<void> {
    const due = await this.#deliveries.dueUnknowns(this.#options.steady(), ROUND)
    const services = new Map<string, { unknown: UnknownRow; message: MessageRow }[]>()
    for (const unknown of due) {
      const message = await this.#deliveries.message(unknown.runId, unknown.number)
      if (message?.state !== 'unknown') {
        await this.#deliveries.planLookUp({ ...unknown, due: this.#options.steady() + UNREACHABLE_MS })
        continue
      }
      const list = services.get(message.serviceId) ?? []
      services.set(message.serviceId, list)
      list.push({ unknown, message })
    }
    await Promise.all([...services].map(([id, list]) => this.#askService(id, list)))
  }

  async #askService(
    serviceId: string,
    list: readonly { unknown: UnknownRow; message: MessageRow }[],
  ): Promise<void> {
    let provider: SmsProvider
    try {
      provider = await this.#options.provider(serviceId)
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      // Deleted, or its secrets cannot be read: the next time may be better.
      const now = this.#options.steady()
      await Promise.all(list.map(({ unknown }) => this.#plan(afterLookUp(unknown, now, now, false))))
      return
    }
    if (!provider.lookUp) {
      await Promise.all(list.map(({ unknown }) => this.#plan(withoutLookUp(unknown))))
      return
    }
    const waiting = [...list]
    const asked: Asked[] = []
    const unreachable: UnknownRow[] = []
    const ask = async () => {
      for (let next = waiting.shift(); next && !this.#stop.signal.aborted; next = waiting.shift()) {
        const { unknown, message } = next
        const began = this.#options.steady()
        const at = this.#options.clock()
        const sms = outgoing(message, message.attempts, requestId(message))
        let found: LookUp = { state: 'absent' }
        for (const since of beginnings(unknown, began, at)) {
          found = await provider.lookUp!(sms, new Date(since), new Date(at), this.#stop.signal)
          if (found.state !== 'absent') break
        }
        if (found.state === 'cannot-tell' && !found.isReachable) {
          unreachable.push(unknown, ...waiting.splice(0).map((each) => each.unknown))
        } else asked.push({ unknown, message, began, at, found })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, ask))
    const now = this.#options.steady()
    await Promise.all([
      ...unreachable.map((unknown) => this.#plan({ ...unknown, due: now + UNREACHABLE_MS })),
      this.#conclude(asked),
    ])
  }

  /** One text of the provider settles one message: those that belong to others do not count. */
  async #conclude(asked: readonly Asked[]): Promise<void> {
    const taken = await this.#takenIds(asked)
    const now = this.#options.steady()
    const oldestFirst = [...asked].sort((a, b) => a.unknown.since - b.unknown.since)
    const writes = oldestFirst.map(async ({ unknown, message, began, at, found }) => {
      const match = found.state === 'found' ? found.matches.find((each) => isFree(each, taken)) : undefined
      if (match) {
        if (match.providerId !== undefined) taken.add(match.providerId)
        return this.#settle(message, match, this.#options.clock())
      }
      const plan = afterLookUp(unknown, began, now, found.state !== 'cannot-tell')
      const { runId, number } = message
      const facts = { tries: plan.tries }
      if (plan.absences.length > unknown.absences.length) {
        const absent = { source: 'look-up', status: 'absent', proof: 'none' } as const
        await this.#deliveries.keepReceipt({ runId, number, at, ...absent, facts })
      }
      return this.#plan(plan)
    })
    await Promise.all(writes)
  }

  async #takenIds(asked: readonly Asked[]): Promise<Set<string>> {
    const ids = asked.flatMap(({ found }) =>
      found.state === 'found'
        ? found.matches.flatMap((each) => (each.isExact || !each.providerId ? [] : [each.providerId]))
        : [],
    )
    if (ids.length === 0) return new Set()
    const oldest = Math.min(...asked.map(({ unknown }) => unknown.since)) - KNOWN_BEFORE_MS
    return this.#deliveries.knownProviderIds(ids, encodeTime(Math.max(0, oldest), 10))
  }

  async #settle({ runId, number }: MessageRow, match: FoundSms, now: number): Promise<void> {
    const { status, delivery, code, providerId } = match
    const receipt: ReceiptRow = {
      ...{ runId, number, at: now, source: 'look-up', status, code, delivery, providerId },
      proof: 'accepted',
      facts: { match: match.isExact ? 'our id' : 'number, text and time' },
    }
    const changed = await this.#deliveries.keepReceipt(receipt)
    if (changed) this.#options.changed(changed)
  }

  async #plan(unknown: UnknownRow): Promise<void> {
    await this.#deliveries.planLookUp(unknown)
    const verdict = verdictOf(unknown)
    if (verdict) this.#tell(unknown, verdict)
  }

  #tell(message: Pick<MessageRow, 'runId' | 'number'>, verdict: Verdict): void {
    const id = messageId(message)
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    for (const resolve of waiting ?? []) resolve(verdict)
  }
}

/**
 * When the attempt began, as the clock on the wall showed it then. Where that clock was put since, nobody knows which of
 * its times is the provider's: it is asked about the other one too before a text counts as missing.
 */
function beginnings({ since, absentAfter }: UnknownRow, began: number, at: number): number[] {
  const becameUnknown = at - (began - (absentAfter - ALLOWANCE_MS))
  const isPut = becameUnknown < since - PUT_MS || becameUnknown > since + LONGEST_ATTEMPT_MS
  return isPut ? [since, becameUnknown - LONGEST_REQUEST_MS] : [since]
}

function isFree({ isExact, providerId }: FoundSms, taken: ReadonlySet<string>): boolean {
  return isExact || providerId === undefined || !taken.has(providerId)
}

/** What the plan says by itself; nothing while the next look-up is still to come. */
function verdictOf({ phase, tries, isRestored }: UnknownRow): Verdict | undefined {
  switch (phase) {
    case 'absent':
      return 'absent'
    case 'final':
      return tries === 0 && !isRestored ? 'cannot-be-asked' : 'hold'
    case 'waiting':
    case 'resending':
      return undefined
  }
}
