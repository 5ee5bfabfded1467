import type { Suppression } from '../../nodes/execution.ts'
import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import type { SmsPolicy } from '../../nodes/services/sms/policy.ts'
import type { OutgoingSms, SendOutcome, SmsProvider } from '../../nodes/services/sms/provider.ts'
import { segmentsOf } from '../../nodes/services/sms/segments.ts'
import type { SegmentCounter } from '../../nodes/services/sms/segments.ts'
import type { SmsServiceStore } from '../elements/sms-services.ts'
import type { MessageRow, ServiceUsage } from '../ledger/ledger.ts'
import type { CallFigures } from '../metrics/figures.ts'
import { openSmsProvider } from '../providers/sms/index.ts'
import { Gate } from './gate.ts'
import { presentForm } from './outgoing.ts'
import { Admission } from './policy/admission.ts'
import type { Timers } from './timers.ts'

/** A service with one state of its settings. */
export class OpenService {
  readonly id: string
  readonly provider: SmsProvider
  readonly gate: Gate
  readonly policy: SmsPolicy
  /** Asked before each message; absent where no policy is switched on. */
  readonly admission: Admission | undefined
  readonly #counter: SegmentCounter
  readonly #figures: CallFigures
  #requests = 0
  #isRetired = false

  constructor(
    id: string,
    provider: SmsProvider,
    policy: SmsPolicy,
    counter: SegmentCounter,
    { gate, admission }: Limits,
    figures: CallFigures,
  ) {
    this.#counter = counter
    this.id = id
    this.#figures = figures
    this.provider = provider
    this.gate = gate
    this.policy = policy
    this.admission = admission.isOpen ? undefined : admission
  }

  /** Parts of an accepted message where the provider does not tell, and counts by a rule that it publishes. */
  segmentsOf(message: MessageRow): number | undefined {
    if (this.#counter.provider !== 'alibaba') return undefined
    return segmentsOf(presentForm(message), message.phone, this.#counter)
  }

  async send(sms: OutgoingSms): Promise<SendOutcome> {
    const began = performance.now()
    const outcome = await this.provider.send(sms)
    this.#figures.called(this.provider.name, performance.now() - began, [outcome])
    return outcome
  }

  /** Only where the provider has batches. */
  async sendBatch(batch: OutgoingSms[]): Promise<SendOutcome[]> {
    const began = performance.now()
    const outcomes = await this.provider.sendBatch!(batch)
    this.#figures.called(this.provider.name, performance.now() - began, outcomes)
    return outcomes
  }

  beginRequest(): void {
    this.#requests++
  }

  endRequest(): void {
    this.#requests--
    if (this.#isRetired && this.#requests === 0) void this.provider.close()
  }

  /** Closes the client once its requests have their answers. */
  retire(): void {
    this.#isRetired = true
    if (this.#requests === 0) void this.provider.close()
  }
}

/** What outlives a change of a service's settings: slots that are taken, and what is counted. */
interface Limits {
  gate: Gate
  admission: Admission
}

export interface PoolOptions {
  services: SmsServiceStore
  timers: Timers
  /** The organisation's time zone. */
  homeZone: () => string
  sandboxUrl: () => string | null
  /** Where Twilio reports on the texts of a service with these settings. */
  statusCallback: (settings: { endpoint?: unknown }) => string | undefined
  figures: CallFigures
}

/** One provider client and one gate per SMS service, made at its first use and again after its settings change. */
export class ProviderPool {
  readonly #services: SmsServiceStore
  readonly #timers: Timers
  readonly #homeZone: () => string
  readonly #sandboxUrl: () => string | null
  readonly #statusCallback: PoolOptions['statusCallback']
  readonly #figures: CallFigures
  readonly #open = new Map<string, Promise<OpenService>>()
  readonly #ready = new Map<string, OpenService>()
  readonly #limits = new Map<string, Limits>()
  readonly #usages = new Map<string, ServiceUsage>()
  readonly #unsubscribe: () => void
  #closed = false

  constructor({ services, timers, homeZone, sandboxUrl, statusCallback, figures }: PoolOptions) {
    this.#figures = figures
    this.#statusCallback = statusCallback
    this.#services = services
    this.#timers = timers
    this.#homeZone = homeZone
    this.#sandboxUrl = sandboxUrl
    this.#unsubscribe = services.onChange((id) => this.#drop(id))
  }

  /** The service if it is open already: the way of every send but the first. */
  ready(serviceId: string): OpenService | undefined {
    return this.#ready.get(serviceId)
  }

  /** @throws FlowError where the service is gone or its secrets cannot be read */
  async open(serviceId: string): Promise<OpenService> {
    const known = this.#open.get(serviceId)
    if (known) return known
    const opening = this.#start(serviceId)
    this.#open.set(serviceId, opening)
    try {
      const service = await opening
      if (this.#open.get(serviceId) === opening) this.#ready.set(serviceId, service)
      return service
    } catch (error) {
      this.#open.delete(serviceId)
      throw error
    }
  }

  /** Goes on counting where the last process ended. Call before anything is sent. */
  remember(usages: readonly ServiceUsage[]): void {
    for (const usage of usages) this.#usages.set(usage.serviceId, usage)
  }

  /** What the policy of a service says at this moment, for whoever wants to know before anything is sent. */
  suppression(serviceId: string): Suppression | undefined {
    const { policy, provider } = this.#services.get(serviceId)
    const admission = new Admission(serviceId, this.#limitsOf(serviceId).admission.usage(), this.#homeZone)
    admission.set(policy, { provider, signature: this.#services.signature(serviceId) })
    return admission.isOpen ? undefined : admission.preview(this.#timers.now())
  }

  /** Attempts that are on the wire at this moment, over all services. */
  get held(): number {
    return [...this.#limits.values()].reduce((sum, { gate }) => sum + gate.held, 0)
  }

  /** Since when the message waits that has waited longest for its turn at any service. */
  get waitingSince(): number | undefined {
    const times = [...this.#limits.values()].map(({ gate }) => gate.waitingSince ?? Infinity)
    const first = Math.min(...times)
    return first === Infinity ? undefined : first
  }

  /** Gives back a slot of a service that cannot be opened any more. */
  release(serviceId: string): void {
    this.#limitsOf(serviceId).gate.release()
  }

  /** Gives out no slot any more. */
  stop(): void {
    this.#closed = true
    for (const { gate } of this.#limits.values()) gate.close()
  }

  async close(): Promise<void> {
    this.stop()
    this.#unsubscribe()
    const services = await Promise.allSettled(this.#open.values())
    await Promise.all(
      services.map((each) => (each.status === 'fulfilled' ? each.value.provider.close() : null)),
    )
  }

  async #start(serviceId: string): Promise<OpenService> {
    const { provider, settings, policy } = this.#services.open(serviceId)
    const sandboxUrl = settings.endpoint === SANDBOX_ENDPOINT ? this.#sandboxUrl() : null
    const limits = this.#limitsOf(serviceId)
    const statusCallback = () => this.#statusCallback(settings)
    const client = await openSmsProvider(provider, settings as never, { sandboxUrl, statusCallback })
    const counter = { provider, signature: this.#services.signature(serviceId) }
    limits.admission.set(policy, counter)
    limits.gate.set(settings.concurrency, limits.admission.pace)
    return new OpenService(serviceId, client, policy, counter, limits, this.#figures)
  }

  #limitsOf(serviceId: string): Limits {
    let limits = this.#limits.get(serviceId)
    if (!limits) {
      limits = {
        gate: new Gate(0, this.#timers),
        admission: new Admission(serviceId, this.#usages.get(serviceId), this.#homeZone),
      }
      if (this.#closed) limits.gate.close()
      this.#limits.set(serviceId, limits)
    }
    return limits
  }

  /** Sends under way keep the old client until they are through; those that wait are asked anew. */
  #drop(serviceId: string): void {
    const old = this.#open.get(serviceId)
    this.#open.delete(serviceId)
    this.#ready.delete(serviceId)
    old?.then(
      (service) => service.retire(),
      () => undefined,
    )
    const gate = this.#limits.get(serviceId)?.gate
    if (gate?.isWaitedFor) this.open(serviceId).catch(() => gate.set(1, undefined))
  }
}
