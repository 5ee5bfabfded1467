import type { DurableWriter, Writing } from './durable-writer.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { SendOutcome, SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { HeldResend } from '../ledger/deliveries.ts'
import type { AttemptRow, Ledger, MessageOptions, MessageRow } from '../ledger/ledger.ts'
import type { OptOutList } from './opt-out-list.ts'
import { evidence, messageError } from './outcome.ts'
import { outgoing, presentForm } from './outgoing.ts'
import type { Reservation, Verdict } from './policy/admission.ts'
import type { OpenService, ProviderPool } from './provider-pool.ts'
import { isExpired } from './retry.ts'

/** Bytes leave within this time after the claim was written, or not at all. */
const DISPATCH_DEADLINE_MS = 10_000
/** Wait before a further attempt that follows one which was not taken either; Retry-After may make it longer. */
const AGAIN_MS = 60_000

export interface SendAgainDependencies {
  ledger: Ledger
  writer: DurableWriter
  providers: ProviderPool
  optOuts: OptOutList
  clock: () => number
  /** The clock of the plans of look-ups: see `runtime/steady-clock.ts`. */
  steady: () => number
  /** Told of the message after its attempt. */
  changed: (message: MessageRow) => void
}

export interface FurtherAttempt {
  /** Whether it is proved that no earlier attempt was taken: only then is a refusal the end. */
  isAbsent: boolean
  /** Asked until the last moment; false: no attempt starts. */
  isWanted?: () => boolean
  /** Whether the time to live ends it: a person may decide otherwise. */
  mayExpire?: boolean
  /** Called when the attempt is about to be claimed. */
  begins?: () => void
}

/** What came of it. `known`: the message is not unknown any more, or nobody wants the attempt. */
export type Again =
  | { state: 'attempted'; message: MessageRow }
  | { state: 'known' }
  | { state: 'refused'; reason: HeldResend }
  | { state: 'later'; until: number }

/** A slot of the service, and the message's place in the counts of the day. */
interface Slot {
  state: 'slot'
  service: OpenService
  reservation: Reservation | undefined
}

/**
 * A further attempt of an unknown message: after its absence was proved, or because somebody decided that a second
 * text does less harm than none. It takes its turn at the service and is asked the same as the first: opt-outs, test
 * mode, countries, quiet hours, daily caps. The same two durable barriers stand around it.
 */
export class SendAgain {
  readonly #on: SendAgainDependencies
  #held = 0

  constructor(dependencies: SendAgainDependencies) {
    this.#on = dependencies
  }

  /** Attempts that are not recorded yet with all that follows from them. */
  get held(): number {
    return this.#held
  }

  /** @throws FlowError where the service is gone, its secrets cannot be read, or the store takes no claim */
  async send(unknown: MessageRow, how: FurtherAttempt): Promise<Again> {
    const slot = await this.#slot(unknown, how)
    if (slot.state !== 'slot') return slot
    this.#held++
    try {
      return await this.#attempt(unknown, slot, how)
    } finally {
      this.#held--
    }
  }

  /** Waits for its turn, as long as the pace of the service says, and asks there whether it may leave. */
  async #slot(message: MessageRow, how: FurtherAttempt): Promise<Slot | Again> {
    for (;;) {
      const { gate } = await this.#on.providers.open(message.serviceId)
      const turn = await new Promise<Slot | Again | undefined>((resolve) => {
        const start = () => {
          const service = this.#on.providers.ready(message.serviceId)
          const turn = service && this.#turn(message, service, how)
          if (turn?.state === 'slot') gate.take(1)
          resolve(turn)
          return turn?.state === 'slot'
        }
        gate.enter({ isEmpty: true, start })
      })
      // Otherwise the settings have changed meanwhile: it is asked anew.
      if (turn) return turn
    }
  }

  #turn(message: MessageRow, service: OpenService, how: FurtherAttempt): Slot | Again {
    if (how.isWanted?.() === false) return { state: 'known' }
    const now = this.#on.clock()
    const { phone, body, options, serviceId } = message
    if (!body.essential && this.#on.optOuts.blocks(serviceId, phone)) {
      return { state: 'refused', reason: 'opted-out' }
    }
    // a code is good for minutes and is not kept: whoever waits for it asks for another one
    if (body.withheld !== undefined) return { state: 'refused', reason: 'expired' }
    const ageMs = now - (options?.since ?? message.created)
    if (how.mayExpire && isExpired(ageMs, service.policy)) return { state: 'refused', reason: 'expired' }
    const candidate = {
      phone,
      body: presentForm(message),
      timeZone: options?.timeZone,
      urgent: options?.urgent,
    }
    const verdict: Verdict = service.admission?.admit(candidate, now) ?? {
      send: true,
      reservation: undefined,
    }
    if (verdict.send) return { state: 'slot', service, reservation: verdict.reservation }
    return 'reason' in verdict
      ? { state: 'refused', reason: verdict.reason }
      : { state: 'later', until: verdict.until }
  }

  async #attempt(unknown: MessageRow, slot: Slot, how: FurtherAttempt): Promise<Again> {
    const { ledger, writer, clock, steady, changed } = this.#on
    const { service } = slot
    const attempts = unknown.attempts + 1
    const options = alone(unknown.options)
    const message: MessageRow = { ...unknown, state: 'dispatching', attempts, options, updated: clock() }
    const claimedAt = performance.now()
    let isMine = false
    try {
      how.begins?.()
      isMine = await ledger.deliveries.claimAgain(message, attempts, service.admission?.counted())
    } finally {
      if (!isMine) {
        giveBack(slot)
        service.gate.release()
      }
    }
    if (!isMine) return { state: 'known' }
    const started = clock()
    const isLate = performance.now() - claimedAt > DISPATCH_DEADLINE_MS
    let outcome: SendOutcome
    service.beginRequest()
    try {
      outcome =
        isLate || how.isWanted?.() === false
          ? { state: 'unreachable', error: notSent(service.provider.name, isLate) }
          : await service.send(outgoing(message, attempts))
    } finally {
      service.endRequest()
      service.gate.release()
    }
    message.updated = clock()
    const refused = steady()
    conclude(message, outcome, service, how.isAbsent)
    const attempt = describeAttempt(message, outcome, started)
    const isTaken = outcome.state === 'accepted' || outcome.state === 'unknown'
    const usage = isTaken ? undefined : giveBack(slot)
    const writing: Writing = { dropped: false, unwritten: undefined }
    await writer.durably(writing, () => ledger.settleMessage(message, attempt, usage))
    if (message.state === 'unknown' && outcome.state !== 'unknown') {
      const retryAfterMs = outcome.state === 'throttled' ? (outcome.retryAfterMs ?? 0) : 0
      const due = refused + Math.max(AGAIN_MS, retryAfterMs)
      await writer.durably(writing, () => this.#keepVerdict(message, how.isAbsent, due))
    }
    const after = (await ledger.deliveries.message(message.runId, message.number)) ?? message
    changed(after)
    return { state: 'attempted', message: after }
  }

  /** This attempt was certainly not taken: what was known of the earlier ones still holds. */
  async #keepVerdict({ runId, number }: MessageRow, isAbsent: boolean, due: number): Promise<void> {
    const { deliveries } = this.#on.ledger
    const row = await deliveries.unknown(runId, number)
    if (row) await deliveries.planLookUp({ ...row, phase: isAbsent ? 'absent' : 'final', tries: 1, due })
  }
}

/** It leaves in a request of its own, under its own id: there it is looked up from now on. */
function alone(options: MessageOptions | undefined): MessageOptions | undefined {
  if (options?.batch === undefined) return options
  const { batch: _, ...others } = options
  return others
}

/** Why a person's "send again" was refused, and what helps. */
export function refusedResend(reason: HeldResend): FlowError {
  const [message, hint] = refusals[reason] ?? ['The service does not text this person', undefined]
  return new FlowError(ErrorCode.Conflict, message, { hint: hint ?? 'Look at the settings of the service.' })
}

const refusals: Partial<Record<HeldResend, readonly [message: string, hint: string]>> = {
  'opted-out': [
    'This number has opted out of texts from the service',
    'Lift the opt-out first, if the person wants texts again.',
  ],
  'test-mode': [
    'The service is in test mode and this number is not on its list; nothing was sent',
    'Switch the service live, or put the number on its list.',
  ],
  'country-not-allowed': [
    'The service does not text the country of this number; nothing was sent',
    'Add the country in the settings of the service.',
  ],
  'daily-cap': [
    'The service’s cap for the day is reached; nothing was sent',
    'Try again tomorrow, or raise the cap in the settings of the service.',
  ],
  'quiet-hours': [
    'These are quiet hours of this person; nothing was sent',
    'Try again when they are over, or change them in the settings of the service.',
  ],
}

/** @returns what is used up now, where the message was counted */
function giveBack({ reservation, service: { admission } }: Slot) {
  if (!reservation) return undefined
  admission?.giveBack(reservation)
  return admission?.counted()
}

function conclude(message: MessageRow, outcome: SendOutcome, service: OpenService, isAbsent: boolean): void {
  if (outcome.state === 'accepted') {
    message.state = 'accepted'
    message.providerId = outcome.providerId
    message.segments = outcome.segments ?? service.segmentsOf(message)
    message.error = undefined
    return
  }
  message.state = outcome.state === 'rejected' && isAbsent ? 'rejected' : 'unknown'
  // Where an earlier attempt may have been taken, its own evidence says more than this refusal.
  if (message.state === 'rejected' || outcome.state === 'unknown') message.error = messageError(outcome)
}

function describeAttempt(
  { attempts, serviceId, updated }: MessageRow,
  outcome: SendOutcome,
  started: number,
): AttemptRow | undefined {
  if (outcome.state === 'accepted') return undefined
  const { state, error } = outcome
  return {
    attempt: attempts,
    started,
    finished: updated,
    outcome: state,
    serviceId,
    evidence: evidence(error),
  }
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
