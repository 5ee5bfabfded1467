import { failOverForm } from '../../nodes/services/sms/fail-over.ts'
import type { SendFailure, SendOutcome } from '../../nodes/services/sms/provider.ts'
import { saysOptedOut } from '../../nodes/services/sms/sender.ts'
import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsProviderName, SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import type { MessageError } from '../../nodes/messages.ts'
import type { AttemptRow, Ledger, MessageOutcome, MessageRow, ServiceUsage } from '../ledger/ledger.ts'
import type { DurableWriter } from './durable-writer.ts'
import { mayFailOver } from './fail-over.ts'
import type { LiveRun } from './live-run.ts'
import type { OptOutList } from './opt-out-list.ts'
import { outgoing } from './outgoing.ts'
import { configurationError, evidence, finalState, messageError } from './outcome.ts'
import type { Reservation } from './policy/admission.ts'
import type { OpenService, ProviderPool } from './provider-pool.ts'
import { isExpired, retryDelayMs } from './retry.ts'
import type { Timers } from './timers.ts'
import type { UnknownMessages } from './unknown-messages.ts'
import type { WithheldCodes } from './withheld-codes.ts'

/** Bytes leave within this time after the claim was written, or not at all (a machine that was asleep, a stalled process). */
const DISPATCH_DEADLINE_MS = 10_000
/** Wire requests per message and service, whatever a policy says and however a batch is split. */
export const MOST_ATTEMPTS = 5

/** A claimed message on its way, with its place in the day's counts. */
export interface Flight {
  message: MessageRow
  reservation: Reservation | undefined
}

/** What follows an attempt: nothing, a wait until `wakeAt`, a smaller request at once, or another service. */
export type Conclusion = 'settled' | 'wait' | 'split' | 'other-service'

export interface AttemptDependencies {
  optOuts: OptOutList
  unknown: UnknownMessages
  ledger: Ledger
  writer: DurableWriter
  timers: Timers
  random: () => number
  providers: ProviderPool
  smsService: (id: string) => SmsServiceSummary | undefined
  withheld: WithheldCodes
}

/**
 * Makes wire requests for claimed messages and records what each proved: the second of the two durable barriers.
 * A settled outcome is on disk no later than whatever the run does next, since writes keep their order; so only a
 * message that will be claimed again, or whose watchers wait for the truth, is waited for here.
 */
export class SendAttempts {
  readonly #ledger: Ledger
  readonly #writer: DurableWriter
  readonly #timers: Timers
  readonly #random: () => number
  readonly #providers: ProviderPool
  readonly #smsService: (id: string) => SmsServiceSummary | undefined
  readonly #optOuts: OptOutList
  readonly #unknown: UnknownMessages
  readonly #withheld: WithheldCodes

  constructor(dependencies: AttemptDependencies) {
    const { ledger, writer, timers, random, providers, smsService, optOuts, unknown, withheld } = dependencies
    this.#withheld = withheld
    this.#providers = providers
    this.#optOuts = optOuts
    this.#unknown = unknown
    this.#ledger = ledger
    this.#writer = writer
    this.#timers = timers
    this.#random = random
    this.#smsService = smsService
  }

  /** @param claimedAt on the monotonic clock */
  async one(run: LiveRun, flight: Flight, service: OpenService, claimedAt: number): Promise<Conclusion> {
    const { message } = flight
    const started = this.#timers.now()
    if (run.isStopped(message.path)) return (await this.#cancelled(run, [flight], service))[0]!
    service.beginRequest()
    let outcome: SendOutcome
    try {
      outcome =
        performance.now() - claimedAt > DISPATCH_DEADLINE_MS
          ? tooLate(service)
          : message.body.withheld === undefined
            ? await service.send(outgoing(message, message.attempts))
            : await this.#sendCode(message, service)
    } catch (error) {
      service.gate.release()
      throw error
    } finally {
      service.endRequest()
    }
    const finished = this.#timers.now()
    const usage = giveBack(flight, outcome, service)
    const attempt = describeAttempt(message, outcome, started, finished)
    const conclusion = this.#conclude(run, message, service, outcome, {
      finished,
      size: 1,
      chance: this.#random,
    })
    const written = this.#write(run, message, attempt, conclusion, usage)
    this.#releaseSlot(service, written)
    if (outcome.state === 'unknown') written.then(() => this.#unknown.noted(), ignore)
    else if (outcome.state === 'rejected') this.#noteRefusal(message, outcome.error, finished)
    if (conclusion !== 'settled' || run.listeners.size > 0) await written
    return conclusion
  }

  async #sendCode(message: MessageRow, service: OpenService): Promise<SendOutcome> {
    const sms = this.#withheld.outgoing(message)
    return sms ? service.send(sms) : codeGone(service.provider.name)
  }

  /** The same for a message that was claimed in the commit of its plan; its service may have changed since. */
  async born(run: LiveRun, message: MessageRow): Promise<Conclusion> {
    const { serviceId } = message
    let service = this.#providers.ready(serviceId)
    if (!service) {
      try {
        service = await this.#providers.open(serviceId)
      } catch (error) {
        this.#providers.release(serviceId)
        message.state = 'rejected'
        message.error = configurationError(error)
        message.updated = this.#timers.now()
        await this.#write(run, message, undefined, 'settled')
        return 'settled'
      }
    }
    return this.one(run, { message, reservation: undefined }, service, run.plannedAt)
  }

  /** The same for one request of several messages; one answer each. */
  async batch(
    run: LiveRun,
    flights: readonly Flight[],
    service: OpenService,
    claimedAt: number,
  ): Promise<Conclusion[]> {
    const started = this.#timers.now()
    if (run.isStopped(flights[0]!.message.path)) return this.#cancelled(run, flights, service)
    service.beginRequest()
    let outcomes: SendOutcome[]
    try {
      outcomes =
        performance.now() - claimedAt > DISPATCH_DEADLINE_MS
          ? flights.map(() => tooLate(service))
          : await service.sendBatch(flights.map(({ message }) => outgoing(message, message.attempts)))
    } catch (error) {
      service.gate.release()
      throw error
    } finally {
      service.endRequest()
    }
    const finished = this.#timers.now()
    // What waits, waits together, so that it fits into one request again.
    const chance = this.#random()
    const request = { finished, size: flights.length, chance: () => chance }
    let usage: ServiceUsage | undefined
    const conclusions: Conclusion[] = []
    const settled: MessageOutcome[] = []
    const others: Promise<void>[] = []
    for (const [index, flight] of flights.entries()) {
      const { message } = flight
      const outcome = outcomes[index]!
      usage = giveBack(flight, outcome, service) ?? usage
      const attempt = describeAttempt(message, outcome, started, finished)
      const conclusion = this.#conclude(run, message, service, outcome, request)
      conclusions.push(conclusion)
      if (outcome.state === 'rejected' && conclusion === 'settled') {
        this.#noteRefusal(message, outcome.error, finished)
      }
      if (conclusion === 'other-service') others.push(this.#write(run, message, attempt, conclusion))
      else settled.push({ message: { ...message }, attempt })
    }
    const written = Promise.all([
      ...others,
      this.#writer.durably(run, () => this.#ledger.settleMessages(settled, usage)),
    ])
    this.#releaseSlot(service, written)
    await written
    if (outcomes.some(({ state }) => state === 'unknown')) this.#unknown.noted()
    for (const { message } of flights) run.changed(message)
    return conclusions
  }

  /**
   * The next request may leave. While the store is full or away it waits for this one's outcome to be written, so that
   * outcomes that a death would lose do not pile up.
   */
  #releaseSlot({ gate }: OpenService, written: Promise<unknown>): void {
    if (this.#writer.waiting === 0) return gate.release()
    const release = (): void => gate.release()
    written.then(release, release)
  }

  /** The provider knows of a STOP that never came here. */
  #noteRefusal({ serviceId, phone }: MessageRow, { provider, providerCode }: SendFailure, at: number): void {
    if (!saysOptedOut(provider, providerCode)) return
    const refusal = {
      serviceId,
      sender: '',
      phone,
      source: 'provider',
      reason: providerCode,
      since: at,
    } as const
    this.#optOuts.add(refusal).catch(ignore) // the next refusal says it again
  }

  /** Brings the message into the state that the outcome leads to. */
  #conclude(
    run: LiveRun,
    message: MessageRow,
    service: OpenService,
    outcome: SendOutcome,
    { finished, size, chance }: { finished: number; size: number; chance: () => number },
  ): Conclusion {
    message.updated = finished
    message.wakeAt = undefined
    if (outcome.state === 'accepted') {
      message.state = 'accepted'
      message.providerId = outcome.providerId
      message.segments = outcome.segments ?? service.segmentsOf(message)
      message.error = undefined
      return 'settled'
    }
    message.error = messageError(outcome)
    message.state = finalState(outcome)
    if (run.isStopped(message.path) || outcome.state === 'unknown') return 'settled'
    const attempt = message.attempts - (message.options?.earlierAttempts ?? 0)
    if (size > 1 && attempt < MOST_ATTEMPTS && isAboutOneOfThem(outcome)) {
      message.state = 'retry-wait'
      message.wakeAt = finished
      return 'split'
    }
    const ageMs = finished - (message.options?.since ?? message.created)
    const delayMs = retryDelayMs(outcome, attempt, ageMs, service.policy, chance)
    if (delayMs !== null) {
      message.state = 'retry-wait'
      message.wakeAt = finished + delayMs
      return 'wait'
    }
    const { fallback } = service.policy
    if (fallback === undefined || !mayFailOver(outcome, true)) return 'settled'
    const hindrance = this.#hindrance(message, fallback, ageMs, service)
    if (hindrance !== undefined) {
      message.error.failOver = hindrance
      return 'settled'
    }
    message.state = 'planned'
    message.serviceId = fallback
    message.options = {
      ...message.options,
      earlierAttempts: message.attempts,
      earlierServices: [...(message.options?.earlierServices ?? []), service.id],
    }
    return 'other-service'
  }

  /** What keeps the fail-over service from taking a message over. */
  #hindrance(
    { body, options }: MessageRow,
    fallback: string,
    ageMs: number,
    service: OpenService,
  ): MessageError['failOver'] {
    const other = this.#smsService(fallback)
    if (!other || options?.earlierServices?.includes(fallback)) return 'gone'
    if (isExpired(ageMs, service.policy)) return 'expired'
    if (failOverForm(body, other)) return undefined
    return smsProviders[other.provider].template === 'code' ? 'no-template' : 'no-text'
  }

  async #cancelled(run: LiveRun, flights: readonly Flight[], service: OpenService): Promise<Conclusion[]> {
    service.gate.release()
    for (const { message, reservation } of flights) {
      if (reservation) service.admission?.giveBack(reservation)
      message.state = 'cancelled'
      message.updated = this.#timers.now()
    }
    const outcomes = flights.map(({ message }) => ({ message: { ...message }, attempt: undefined }))
    const usage = service.admission?.counted()
    await this.#writer.durably(run, () => this.#ledger.settleMessages(outcomes, usage))
    for (const { message } of flights) run.changed(message)
    return flights.map(() => 'settled')
  }

  async #write(
    run: LiveRun,
    message: MessageRow,
    attempt: AttemptRow | undefined,
    conclusion: Conclusion,
    usage?: ServiceUsage,
  ): Promise<void> {
    const row = { ...message }
    await this.#writer.durably(run, () =>
      conclusion === 'other-service'
        ? this.#ledger.handOver(row, attempt!, usage)
        : this.#ledger.settleMessage(row, attempt, usage),
    )
    run.changed(message)
  }
}

const ignore = (): void => undefined

/** A request of several is refused whole because of one of them: the others may still be sent. */
function isAboutOneOfThem(outcome: Exclude<SendOutcome, { state: 'accepted' }>): boolean {
  if (outcome.state === 'throttled') return outcome.error.about === 'recipient'
  if (outcome.state !== 'rejected') return false
  return outcome.error.about === 'recipient' || outcome.error.about === 'content'
}

/** @returns what is used up now, where the message counts no longer */
function giveBack(
  { reservation }: Flight,
  outcome: SendOutcome,
  { admission }: OpenService,
): ServiceUsage | undefined {
  if (!reservation || outcome.state === 'accepted' || outcome.state === 'unknown') return undefined
  admission?.giveBack(reservation)
  return admission?.counted()
}

/** The evidence of a request that was not accepted; an accepted one leaves its evidence in the message. */
function describeAttempt(
  message: MessageRow,
  outcome: SendOutcome,
  started: number,
  finished: number,
): AttemptRow | undefined {
  if (outcome.state === 'accepted') return undefined
  return {
    attempt: message.attempts,
    started,
    finished,
    outcome: outcome.state,
    serviceId: message.serviceId,
    evidence: evidence(outcome.error),
  }
}

function tooLate({ provider }: OpenService): SendOutcome {
  return {
    state: 'unreachable',
    error: {
      provider: provider.name,
      providerCode: 'DISPATCH_DEADLINE',
      about: 'network',
      message: 'The process was held up before the request could leave; nothing was sent',
    },
  }
}

function codeGone(provider: SmsProviderName): SendOutcome {
  return {
    state: 'rejected',
    error: {
      provider,
      providerCode: 'CODE_GONE',
      about: 'content',
      message: 'The code was used, is too old, or was lost when the server stopped; nothing was sent',
    },
  }
}
