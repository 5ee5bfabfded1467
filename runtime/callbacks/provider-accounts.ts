import { FlowError } from '../../nodes/errors.ts'
import { senderOf } from '../../nodes/services/sms/sender.ts'
import type { OpenedSmsService, SmsServiceStore } from '../elements/sms-services.ts'

/** An SMS service as those need it who check what a provider says. Its secrets stay in memory. */
export interface ProviderAccount {
  serviceId: string
  service: OpenedSmsService
  /** What phones show, and answer to. */
  sender: string
}

/** The services by their account at the provider: several may share one. Read once, and again after a change. */
export class ProviderAccounts {
  readonly #services: SmsServiceStore
  #known: ProviderAccount[] | undefined

  constructor(services: SmsServiceStore) {
    this.#services = services
    services.onChange(() => (this.#known = undefined))
  }

  all(): readonly ProviderAccount[] {
    this.#known ??= this.#services.list().flatMap(({ id }): ProviderAccount[] => {
      try {
        const service = this.#services.open(id)
        return [{ serviceId: id, service, sender: senderOf(service.provider, service.settings) }]
      } catch (error) {
        if (error instanceof FlowError) return [] // its secrets cannot be read: nothing can be checked with them
        throw error
      }
    })
    return this.#known
  }

  twilio(accountSid: string): ProviderAccount[] {
    return this.all().filter(
      ({ service }) => service.provider === 'twilio' && service.settings.accountSid === accountSid,
    )
  }

  /** The services that share an Alibaba account with this one, itself included. */
  alibaba(serviceId: string): ProviderAccount[] {
    const own = this.all().find((each) => each.serviceId === serviceId)?.service
    if (own?.provider !== 'alibaba') return []
    return this.all().filter(
      ({ service }) =>
        service.provider === 'alibaba' && service.settings.accessKey === own.settings.accessKey,
    )
  }
}
