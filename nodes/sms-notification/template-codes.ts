import { smsProviders } from '../services/sms/settings.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import type { SmsNotificationParams } from './definition.ts'

/** A service that sends approved templates, and the code that a step has for it. */
export interface ServiceTemplateCode {
  service: SmsServiceSummary
  /** Empty where it is not given. */
  code: string
  /** Where it stands in the parameters. */
  field: string
}

/**
 * The template codes of a step. A code belongs to one account, so each service that sends templates has its own: the
 * first of the chain has `templateCode`, each further one a code in `failOverCodes`.
 * @param chain the service and those that take over from it
 */
export function templateCodesOf(
  { templateCode = '', failOverCodes = {} }: Pick<SmsNotificationParams, 'templateCode' | 'failOverCodes'>,
  chain: readonly SmsServiceSummary[],
): ServiceTemplateCode[] {
  return chain
    .filter(({ provider }) => smsProviders[provider].template === 'code')
    .map((service, index) => {
      const { id } = service
      if (index === 0) return { service, code: templateCode, field: 'templateCode' }
      const code = Object.hasOwn(failOverCodes, id) ? failOverCodes[id]! : ''
      return { service, code, field: `failOverCodes/${id}` }
    })
}
