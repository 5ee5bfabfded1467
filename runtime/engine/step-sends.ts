import type { MessageError } from '../../nodes/messages.ts'
import type { Ledger, MessageRow } from '../ledger/ledger.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { Waiting } from './gate.ts'
import type { LiveRun } from './live-run.ts'
import type { OptOutList } from './opt-out-list.ts'
import type { Verdict } from './policy/admission.ts'
import type { OpenService, ProviderPool } from './provider-pool.ts'
import { expiryOf, isExpired } from './retry.ts'
import { configurationError } from './outcome.ts'
import { MOST_ATTEMPTS } from './send-attempt.ts'
import type { Conclusion, Flight, SendAttempts } from './send-attempt.ts'
import { outgoing, presentForm } from './outgoing.ts'
import type { Timers } from './timers.ts'

/** Messages that are planned, put off or given up in one transaction. */
export const SLICE = 500
/** Most messages that any provider takes in one request. */
const MOST_IN_BATCH = 1_000
/** A step whose messages all wait longer than this leaves the memory. */
const PARK_AFTER_MS = 60_000

export interface SendDependencies {
  ledger: Ledger
  providers: ProviderPool
  writer: DurableWriter
  timers: Timers
  attempts: SendAttempts
  optOuts: OptOutList
}

/**
 * Sends the open messages of one step: each waits in the round of its service, is admitted by the service's policy,
 * claimed, attempted, and goes on to what follows from that. Only as many are under way at a time as there are slots,
 * whatever the size of the step.
 */
export class StepSends {
  /** Answers once all are settled: `undefined`; or once nothing will happen for a while: until when. */
  readonly finished: Promise<number | undefined>
  readonly #run: LiveRun
  readonly #on: SendDependencies
  readonly #queues = new Map<string, ServiceQueue>()
  /** Messages to the same number leave one after the other, in the order of the step. */
  readonly #behind: Map<string, MessageRow[]> | undefined
  readonly #sleeping = new Set<MessageRow>()
  #open: number
  /** Requests and writes whose end will be heard of. */
  #underWay = 0
  #alarm: { at: number; cancel: () => void } | undefined
  #stopListening: () => void = () => undefined
  #resolve!: (parkedUntil: number | undefined) => void
  #reject!: (error: unknown) => void
  #hasFailed = false

  constructor(run: LiveRun, open: readonly MessageRow[], on: SendDependencies) {
    this.#run = run
    this.#on = on
    this.#open = open.length
    this.#behind = new Set(open.map(({ phone }) => phone)).size < open.length ? new Map() : undefined
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#keepWaitsShort(open)
    for (const message of open) this.#begin(message)
    for (const queue of this.#queues.values()) this.#enter(queue)
    this.#stopListening = run.onStop(open[0]!.path, () => this.#cancel())
    this.#rest()
  }

  #begin(message: MessageRow): void {
    const waiting = this.#behind?.get(message.phone)
    if (waiting) {
      waiting.push(message)
      return
    }
    this.#behind?.set(message.phone, [])
    if (message.state === 'dispatching') this.#track(this.#sendClaimed(message))
    else if (message.wakeAt !== undefined && message.wakeAt > this.#on.timers.now()) this.#sleep(message)
    else this.#queueOf(message).add(message)
  }

  #queueOf({ serviceId }: MessageRow): ServiceQueue {
    let queue = this.#queues.get(serviceId)
    if (!queue) {
      queue = new ServiceQueue(serviceId, (each, most) => this.#start(each, most))
      this.#queues.set(serviceId, queue)
    }
    return queue
  }

  /** Puts a queue into the round of its service, which is opened first where it is not. */
  #enter(queue: ServiceQueue): void {
    if (queue.isWaiting || queue.isEmpty || this.#hasFailed) return
    queue.isWaiting = true
    const ready = this.#on.providers.ready(queue.serviceId)
    if (ready) ready.gate.enter(queue)
    else this.#track(this.#openThenEnter(queue))
  }

  async #openThenEnter(queue: ServiceQueue): Promise<void> {
    try {
      const { gate } = await this.#on.providers.open(queue.serviceId)
      gate.enter(queue)
    } catch (error) {
      queue.isWaiting = false
      await this.#rejectAll(queue, configurationError(error))
    }
  }

  /** One slot is free: picks what leaves with it. Whoever may not leave now is settled or put off on the way. */
  #start(queue: ServiceQueue, most: number): boolean {
    const service = this.#on.providers.ready(queue.serviceId)
    const now = this.#on.timers.now()
    const flights: Flight[] = []
    const held: MessageRow[] = []
    if (service && !this.#hasFailed) {
      const size = Math.min(most, this.#batchSize(queue, service))
      while (!queue.isEmpty && flights.length < size && held.length < SLICE) {
        const message = queue.shift()
        const verdict = this.#verdict(message, service, now)
        if (verdict.send) flights.push({ message, reservation: verdict.reservation })
        else {
          hold(message, verdict)
          held.push(message)
        }
      }
    }
    if (held.length > 0) this.#track(this.#holdBack(held))
    if (flights.length > 0) {
      service!.gate.take(flights.length)
      this.#track(this.#send(service!, flights))
    }
    queue.isWaiting = flights.length > 0 && !queue.isEmpty
    // Whatever is left enters again: at once where the service must be opened anew, otherwise after the write.
    if (!service && !queue.isEmpty) setImmediate(() => this.#enter(queue))
    return flights.length > 0
  }

  #batchSize(queue: ServiceQueue, { provider }: OpenService): number {
    if (!provider.batchSize || queue.length < 2) return 1
    const limit = Math.min(queue.batchLimit(queue.first), MOST_IN_BATCH)
    if (limit < 2) return 1
    const candidates: MessageRow[] = []
    for (const message of queue.peek(limit)) {
      // One request is known to the provider by its first message: the others are found within this distance.
      const distance = message.number - queue.first.number
      if (distance < 0 || distance >= MOST_IN_BATCH || queue.batchLimit(message) < limit) break
      candidates.push(message)
    }
    return provider.batchSize(candidates.map((message) => outgoing(message, message.attempts + 1)))
  }

  #verdict(message: MessageRow, { policy, admission }: OpenService, now: number): Verdict | Expired {
    // Asked again right before each claim: a STOP that came in between holds the text back.
    if (this.#on.optOuts.blocks(message.serviceId, message.phone) && !message.body.essential) {
      return { send: false, reason: 'opted-out' }
    }
    const began = message.options?.since ?? message.created
    if (isExpired(now - began, policy)) return { send: false, expired: true }
    if (!admission) return { send: true, reservation: undefined }
    const { phone, options } = message
    const candidate = {
      phone,
      body: presentForm(message),
      timeZone: options?.timeZone,
      urgent: options?.urgent,
    }
    const verdict = admission.admit(candidate, now)
    if (verdict.send || 'reason' in verdict) return verdict
    return { send: false, until: Math.min(verdict.until, expiryOf(began, policy) + 1) }
  }

  async #holdBack(messages: MessageRow[]): Promise<void> {
    await this.#settle(messages)
    for (const message of messages) {
      if (message.wakeAt === undefined) this.#done(message)
      else this.#sleep(message)
    }
    for (const queue of this.#queues.values()) this.#enter(queue)
  }

  async #send(service: OpenService, flights: readonly Flight[]): Promise<void> {
    const claimedAt = performance.now()
    let claimed: Flight[] = []
    try {
      claimed = await this.#claim(service, flights)
    } finally {
      if (claimed.length === 0) service.gate.release()
    }
    if (claimed.length === 0) return
    const conclusions =
      claimed.length === 1
        ? [await this.#on.attempts.one(this.#run, claimed[0]!, service, claimedAt)]
        : await this.#on.attempts.batch(this.#run, claimed, service, claimedAt)
    for (const [index, { message }] of claimed.entries()) {
      this.#goOn(message, conclusions[index]!, claimed.length)
    }
    for (const queue of this.#queues.values()) this.#enter(queue)
  }

  /** A message that was born claimed, in the commit of its plan. */
  async #sendClaimed(message: MessageRow): Promise<void> {
    this.#goOn(message, await this.#on.attempts.born(this.#run, message), 1)
    this.#enter(this.#queueOf(message))
  }

  /** The first durable barrier: only messages whose claim is on disk may leave. */
  async #claim(service: OpenService, flights: readonly Flight[]): Promise<Flight[]> {
    const { ledger, writer, timers } = this.#on
    const usage = service.admission?.counted()
    const [first] = flights
    if (this.#run.isStopped(first!.message.path)) return this.#unclaimed(service, flights)
    for (const { message } of flights) message.updated = timers.now()
    let isMine: boolean[]
    if (flights.length === 1 && first!.message.options?.batch === undefined) {
      const attempt = first!.message.attempts + 1
      isMine = [await writer.durably(this.#run, () => ledger.claimMessage(first!.message, attempt, usage))]
    } else {
      const messages = flights.map(({ message }) => message)
      for (const message of messages) {
        message.options = { ...message.options, batch: first!.message.number }
      }
      isMine = await writer.durably(this.#run, () => ledger.claimMessages(messages, usage))
    }
    const claimed: Flight[] = []
    for (const [index, flight] of flights.entries()) {
      if (!isMine[index]) {
        if (flight.reservation) service.admission?.giveBack(flight.reservation)
        this.#done(flight.message)
        continue
      }
      flight.message.state = 'dispatching'
      flight.message.attempts++
      flight.message.wakeAt = undefined
      this.#run.changed(flight.message)
      claimed.push(flight)
    }
    return claimed
  }

  async #unclaimed(service: OpenService, flights: readonly Flight[]): Promise<Flight[]> {
    for (const { reservation } of flights) if (reservation) service.admission?.giveBack(reservation)
    await this.#cancelAll(flights.map(({ message }) => message))
    return []
  }

  #goOn(message: MessageRow, conclusion: Conclusion, batchSize: number): void {
    switch (conclusion) {
      case 'settled':
        this.#done(message)
        return
      case 'wait':
        if (this.#run.isStopped(message.path)) this.#track(this.#cancelAll([message]))
        else this.#sleep(message)
        return
      case 'split':
        this.#queueOf(message).add(message, Math.ceil(batchSize / 10))
        return
      case 'other-service':
        this.#queueOf(message).add(message)
        return
    }
  }

  #done({ phone }: MessageRow): void {
    this.#open--
    const behind = this.#behind?.get(phone)
    if (!behind) return
    const next = behind.shift()
    this.#behind!.delete(phone)
    if (!next) return
    this.#begin(next)
    this.#behind!.set(phone, behind)
    this.#enter(this.#queueOf(next))
  }

  async #rejectAll(queue: ServiceQueue, error: MessageError): Promise<void> {
    while (!queue.isEmpty) {
      const messages: MessageRow[] = []
      while (!queue.isEmpty && messages.length < SLICE) messages.push(queue.shift())
      for (const message of messages) {
        message.state = 'rejected'
        message.error = error
      }
      await this.#settle(messages)
      for (const message of messages) this.#done(message)
    }
  }

  /** Whatever does not fly yet will not. */
  #cancel(): void {
    const waiting = [...this.#sleeping, ...[...(this.#behind?.values() ?? [])].flat()]
    this.#sleeping.clear()
    this.#behind?.clear()
    for (const queue of this.#queues.values()) while (!queue.isEmpty) waiting.push(queue.shift())
    if (waiting.length > 0) this.#track(this.#cancelAll(waiting))
  }

  async #cancelAll(messages: readonly MessageRow[]): Promise<void> {
    for (let start = 0; start < messages.length; start += SLICE) {
      const slice = messages.slice(start, start + SLICE)
      for (const message of slice) message.state = 'cancelled'
      await this.#settle(slice)
      for (const message of slice) this.#done(message)
    }
  }

  /** Writes messages that were decided about without a request. */
  async #settle(messages: readonly MessageRow[]): Promise<void> {
    const now = this.#on.timers.now()
    for (const message of messages) {
      message.updated = now
      if (message.state !== 'planned' && message.state !== 'retry-wait') message.wakeAt = undefined
    }
    const outcomes = messages.map((message) => ({ message: { ...message }, attempt: undefined }))
    await this.#on.writer.durably(this.#run, () => this.#on.ledger.settleMessages(outcomes))
    for (const message of messages) this.#run.changed(message)
  }

  #track(work: Promise<void>): void {
    this.#underWay++
    work.then(
      () => {
        this.#underWay--
        this.#rest()
      },
      (error: unknown) => {
        this.#hasFailed = true
        this.#reject(error)
      },
    )
  }

  /** Answers where all is settled, or where all that is left sleeps for long. */
  #rest(): void {
    if (this.#underWay > 0 || this.#hasFailed) return
    if (this.#open === 0) return this.#answer(undefined)
    if (!this.#alarm || this.#alarm.at - this.#on.timers.now() <= PARK_AFTER_MS) return
    for (const queue of this.#queues.values()) if (!queue.isEmpty) return
    this.#alarm.cancel()
    // Where the clock was put back, the alarm is no measure of how long the wait still is.
    const now = this.#on.timers.now()
    for (const { updated } of this.#sleeping) if (updated > now) return this.#wake()
    this.#answer(this.#alarm.at)
  }

  #answer(parkedUntil: number | undefined): void {
    this.#stopListening()
    this.#resolve(parkedUntil)
  }

  #sleep(message: MessageRow): void {
    this.#sleeping.add(message)
    if (!this.#alarm || message.wakeAt! < this.#alarm.at) this.#setAlarm(message.wakeAt!)
  }

  /** A clock that was put back makes no wait longer than it was meant to be. */
  #keepWaitsShort(messages: Iterable<MessageRow>): void {
    const now = this.#on.timers.now()
    const moved: MessageRow[] = []
    for (const message of messages) {
      if (message.wakeAt === undefined || now >= message.updated) continue
      message.wakeAt -= message.updated - now
      moved.push(message)
    }
    if (moved.length > 0) this.#track(this.#settle(moved))
  }

  #setAlarm(at: number): void {
    this.#alarm?.cancel()
    this.#alarm = { at, cancel: this.#on.timers.at(at, () => this.#wake()) }
  }

  #wake(): void {
    const now = this.#on.timers.now()
    let next = Infinity
    this.#alarm = undefined
    this.#keepWaitsShort(this.#sleeping)
    for (const message of this.#sleeping) {
      if (message.wakeAt! <= now) {
        this.#sleeping.delete(message)
        this.#queueOf(message).add(message)
      } else next = Math.min(next, message.wakeAt!)
    }
    if (next < Infinity) this.#setAlarm(next)
    for (const queue of this.#queues.values()) this.#enter(queue)
    this.#rest()
  }
}

/** The messages of a step that wait for one service. */
class ServiceQueue implements Waiting {
  readonly serviceId: string
  /** True while it is in the round of its service, or on the way there. */
  isWaiting = false
  readonly #start: (queue: ServiceQueue, most: number) => boolean
  #messages: MessageRow[] = []
  #next = 0
  /** Messages that were in a refused batch go on in smaller ones. */
  readonly #limits = new WeakMap<MessageRow, number>()

  constructor(serviceId: string, start: (queue: ServiceQueue, most: number) => boolean) {
    this.serviceId = serviceId
    this.#start = start
  }

  start(most: number): boolean {
    return this.#start(this, most)
  }

  get length(): number {
    return this.#messages.length - this.#next
  }
  get isEmpty(): boolean {
    return this.#next === this.#messages.length
  }
  get since(): number | undefined {
    return this.isEmpty ? undefined : this.first.updated
  }
  get first(): MessageRow {
    return this.#messages[this.#next]!
  }

  peek(count: number): MessageRow[] {
    return this.#messages.slice(this.#next, this.#next + count)
  }

  add(message: MessageRow, batchLimit?: number): void {
    if (this.isEmpty) {
      this.#messages = []
      this.#next = 0
    }
    this.#messages.push(message)
    if (batchLimit !== undefined) this.#limits.set(message, batchLimit)
  }

  shift(): MessageRow {
    return this.#messages[this.#next++]!
  }

  /** Most messages of a request that carries this one. */
  batchLimit(message: MessageRow): number {
    // The last attempt is its own: a message must not end as refused because of another one's number.
    const attempts = message.attempts - (message.options?.earlierAttempts ?? 0)
    return attempts + 1 >= MOST_ATTEMPTS ? 1 : (this.#limits.get(message) ?? Infinity)
  }
}

interface Expired {
  send: false
  expired: true
}

/** Brings a message that may not leave now into the state that follows from that. */
function hold(message: MessageRow, verdict: Exclude<Verdict | Expired, { send: true }>): void {
  if ('expired' in verdict) {
    message.state = 'expired'
  } else if ('reason' in verdict) {
    message.state = 'suppressed'
    message.skipped = verdict.reason
  } else {
    message.wakeAt = verdict.until
  }
}
