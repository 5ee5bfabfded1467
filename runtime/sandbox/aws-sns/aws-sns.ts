import type { AwsAccount } from '../accounts.ts'
import type { SmsNetwork } from '../sms-network.ts'
import { parseForm } from '../wire.ts'
import type { Emulator, Reply, WireRequest } from '../wire.ts'
import { checkPublish } from './check-publish.ts'
import { optOutActions } from './opt-outs.ts'
import { failure, success } from './replies.ts'
import { smsAttributeActions } from './sms-attributes.ts'
import { verifySignature } from './verify-signature.ts'

const VERSION = '2010-03-31'

/** The SMS part of Amazon SNS: its Query API with XML answers, for every region at once. */
export function awsSnsEmulator(accounts: readonly AwsAccount[], network: SmsNetwork): Emulator {
  const optOuts = optOutActions(network)
  const attributes = smsAttributeActions()
  type Action = (form: ReadonlyMap<string, string>, account: AwsAccount) => Reply
  const actions = new Map<string, Action>([
    ['Publish', publish],
    ['CheckIfPhoneNumberIsOptedOut', optOuts.check],
    ['ListPhoneNumbersOptedOut', optOuts.list],
    ['OptInPhoneNumber', optOuts.optIn],
    ['GetSMSAttributes', attributes.get],
    ['SetSMSAttributes', attributes.set],
  ])

  return {
    read(request) {
      const form = parseForm(request.method === 'GET' ? request.query : request.body.toString())
      const action = form.get('Action')
      return {
        action: action ?? '',
        sends: action === 'Publish',
        to: form.get('PhoneNumber'),
        token: undefined,
        answer: () => answer(request, form, action),
      }
    },
    throttled: () => failure({ code: 'Throttling', message: 'Rate exceeded' }),
    failed: () => failure({ code: 'InternalError', message: 'An internal error occurred', status: 500 }),
    tooLarge: () => failure({ code: 'RequestEntityTooLarge', message: 'Request is too large', status: 413 }),
  }

  function answer(request: WireRequest, form: Map<string, string>, action: string | undefined): Reply {
    if (request.path !== '/' || (request.method !== 'POST' && request.method !== 'GET')) {
      return failure({ code: 'InvalidAction', message: 'There is nothing at this address', status: 404 })
    }
    const verified = verifySignature(request, accounts, 'sns', network.now())
    if ('code' in verified) return failure(verified)
    if (action === undefined) return failure({ code: 'MissingAction', message: 'Missing Action' })
    const known = actions.get(action)
    if (!known || form.get('Version') !== VERSION) {
      return failure({
        code: 'InvalidAction',
        message: `Could not find operation ${action} for version ${form.get('Version') ?? 'NO_VERSION_SPECIFIED'}`,
      })
    }
    return known(form, verified)
  }

  function publish(form: ReadonlyMap<string, string>, account: AwsAccount): Reply {
    const checked = checkPublish(form, network.optedOut)
    if ('code' in checked) return failure(checked)
    const message = network.take({
      ...checked,
      id: asUuid(network.nextId()),
      provider: 'aws-sns',
      account: account.accessKey,
      reference: null,
      templateCode: null,
      failure: null,
    })
    return { ...success('Publish', `<MessageId>${message.id}</MessageId>`), accepted: true }
  }
}

function asUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
