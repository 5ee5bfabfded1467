import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import type { SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { SmsServiceStore } from '../elements/sms-services.ts'
import { openSmsProvider } from '../providers/sms/index.ts'
import { Gate } from './gate.ts'

export interface OpenService {
  provider: SmsProvider
  gate: Gate
}

/** One provider client and one gate per SMS service, made at its first use and again after its settings change. */
export class ProviderPool {
  readonly #services: SmsServiceStore
  readonly #sandboxUrl: () => string | null
  readonly #open = new Map<string, Promise<OpenService>>()
  readonly #ready = new Map<string, OpenService>()
  readonly #gates = new Map<string, Gate>()
  readonly #unsubscribe: () => void
  #closed = false

  constructor(services: SmsServiceStore, sandboxUrl: () => string | null) {
    this.#services = services
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

  /** Attempts that are on the wire at this moment, over all services. */
  get held(): number {
    return [...this.#gates.values()].reduce((sum, gate) => sum + gate.held, 0)
  }

  /** Gives out no slot any more. */
  stop(): void {
    this.#closed = true
    for (const gate of this.#gates.values()) gate.close()
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
    const { provider, settings } = await this.#services.open(serviceId)
    const sandboxUrl = settings['endpoint'] === SANDBOX_ENDPOINT ? this.#sandboxUrl() : null
    const gate = this.#gateOf(serviceId, settings['concurrency'] as number)
    return { provider: await openSmsProvider(provider, settings as never, { sandboxUrl }), gate }
  }

  #gateOf(serviceId: string, limit: number): Gate {
    let gate = this.#gates.get(serviceId)
    if (!gate) {
      gate = new Gate(limit)
      if (this.#closed) gate.close()
      this.#gates.set(serviceId, gate)
    }
    gate.setLimit(limit)
    return gate
  }

  /** Sends under way keep the old client until they are through. */
  #drop(serviceId: string): void {
    const old = this.#open.get(serviceId)
    this.#open.delete(serviceId)
    this.#ready.delete(serviceId)
    void old?.then(
      ({ provider }) => provider.close(),
      () => undefined,
    )
  }
}
