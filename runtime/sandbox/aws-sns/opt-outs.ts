import type { SmsNetwork } from '../sms-network.ts'
import type { Reply } from '../wire.ts'
import { escapeXml, failure, success } from './replies.ts'

const PAGE_SIZE = 100
/** A number can be opted in once in this time. */
const OPT_IN_PAUSE_MS = 30 * 86_400_000

/** The actions of SNS about numbers whose holders answered STOP. */
export function optOutActions(network: SmsNetwork) {
  const optedInAt = new Map<string, number>()
  return {
    check(form: ReadonlyMap<string, string>): Reply {
      const number = form.get('phoneNumber') ?? ''
      if (!isPhone(number)) return notAPhone(number)
      return success(
        'CheckIfPhoneNumberIsOptedOut',
        `<isOptedOut>${network.optedOut.has(number)}</isOptedOut>`,
      )
    },
    /** The page's token is the last number of the page before. */
    list(form: ReadonlyMap<string, string>): Reply {
      const after = form.get('nextToken') ?? ''
      const rest = [...network.optedOut].sort().filter((number) => number > after)
      const page = rest.slice(0, PAGE_SIZE)
      const members = page.map((number) => `<member>${escapeXml(number)}</member>`).join('')
      const token = rest.length > page.length ? `<nextToken>${escapeXml(page.at(-1)!)}</nextToken>` : ''
      return success('ListPhoneNumbersOptedOut', `<phoneNumbers>${members}</phoneNumbers>${token}`)
    },
    optIn(form: ReadonlyMap<string, string>): Reply {
      const number = form.get('phoneNumber') ?? ''
      if (!isPhone(number)) return notAPhone(number)
      const now = network.now().getTime()
      const last = optedInAt.get(number)
      if (network.optedOut.has(number)) {
        if (last !== undefined && now - last < OPT_IN_PAUSE_MS) {
          return failure({
            code: 'InvalidParameter',
            message: 'Invalid parameter: PhoneNumber Reason: cannot be opted in yet',
          })
        }
        network.optedOut.delete(number)
        optedInAt.set(number, now)
      }
      return success('OptInPhoneNumber', '')
    },
  }
}

function isPhone(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text)
}

function notAPhone(text: string): Reply {
  return failure({
    code: 'InvalidParameter',
    message: `Invalid parameter: PhoneNumber Reason: ${text} is not a valid phone number`,
  })
}
