import type { AlibabaAccount } from '../accounts.ts'
import type { SmsNetwork } from '../sms-network.ts'
import { parseForm } from '../wire.ts'
import type { Emulator, Reply, WireRequest } from '../wire.ts'
import { CodeLimits } from './code-limits.ts'
import { readPhone } from './phone-numbers.ts'
import { querySendDetails, querySmsSignList, querySmsTemplate } from './queries.ts'
import { parseJson, readSendBatchSms, readSendSms } from './read-texts.ts'
import type { ReadText } from './read-texts.ts'
import { UNDELIVERED, reportAlibaba } from './reports.ts'
import { business, failure, success } from './replies.ts'
import type { AlibabaError } from './replies.ts'
import { UsedNonces } from './used-nonces.ts'
import { verifySignature } from './verify-signature.ts'

const VERSION = '2017-05-25'

/** Alibaba Cloud's Dysmsapi of 2017-05-25: RPC with the V3 signature. */
export function alibabaEmulator(accounts: readonly AlibabaAccount[], network: SmsNetwork): Emulator {
  const nonces = new UsedNonces()
  const codeLimits = new CodeLimits()
  type Form = ReadonlyMap<string, string>
  const actions = new Map<string, (form: Form, account: AlibabaAccount) => Reply>([
    ['SendSms', (form, account) => send(form, account, readSendSms(form, account))],
    ['SendBatchSms', (form, account) => send(form, account, readSendBatchSms(form, account))],
    ['QuerySendDetails', (form, account) => querySendDetails(form, account, network)],
    ['QuerySmsSignList', querySmsSignList],
    ['QuerySmsTemplate', querySmsTemplate],
  ])

  return {
    read(request) {
      const action = header(request, 'x-acs-action')
      const form = parseForm(`${request.query}&${request.body.toString()}`)
      return {
        action,
        sends: action === 'SendSms' || action === 'SendBatchSms',
        to: recipientsOf(form),
        token: form.get('OutId'),
        answer: () => answer(request, action, form),
      }
    },
    throttled: () =>
      failure({
        code: 'Throttling.User',
        message: 'Request was denied due to user flow control.',
        status: 400,
      }),
    failed: () =>
      failure({
        code: 'InternalError',
        message: 'The request processing has failed due to some unknown error.',
        status: 500,
      }),
    tooLarge: () => failure({ code: 'RequestTooLarge', message: 'The request is too large.', status: 413 }),
  }

  function answer(request: WireRequest, action: string, form: Form): Reply {
    const verified = verifySignature(request, accounts, nonces, network.now())
    if ('code' in verified) return failure(verified)
    const known = actions.get(action)
    if (!known || request.path !== '/') {
      return failure({
        code: 'InvalidAction.NotFound',
        message: 'Specified api is not found, please check your url and method.',
        status: 404,
      })
    }
    if (header(request, 'x-acs-version') !== VERSION) {
      return failure({
        code: 'InvalidVersion',
        message: 'Specified parameter Version is not valid.',
        status: 400,
      })
    }
    return known(form, verified)
  }

  function send(form: Form, account: AlibabaAccount, texts: ReadText[] | AlibabaError): Reply {
    if (!Array.isArray(texts)) return failure(texts)
    const refusal = refusalOf(texts)
    if (refusal) return failure(refusal)
    const bizId = `${network.now().getTime()}${Number.parseInt(network.nextId().slice(16), 16)}^0`
    const taken = texts.map(({ to, sign, text, template }, index) => {
      if (template.kind === 'code') codeLimits.count(sign, to, network.now())
      return network.take({
        id: index === 0 ? bizId : `${bizId}/${index + 1}`,
        provider: 'alibaba',
        account: account.accessKey,
        to,
        from: sign,
        text,
        reference: form.get('OutId') ?? null,
        templateCode: template.code,
        failure: failureOf(to),
      })
    })
    reportAlibaba(taken, network)
    return { ...success({ BizId: bizId }), accepted: true }
  }

  function failureOf(to: string): string | null {
    if (network.optedOut.has(to)) return 'MOBILE_IN_BLACK'
    const { delivery } = network.receipts.of(to)
    return delivery === 'undelivered' || delivery === 'failed' ? UNDELIVERED : null
  }

  /** A number alone is refused at once; in a batch its own report tells, and the others get their texts. */
  function refusalOf(texts: readonly ReadText[]): AlibabaError | undefined {
    if (texts.length === 1 && network.optedOut.has(texts[0]!.to)) {
      return business('isv.CUSTOMER_REFUSED', '用户已退订推广短信')
    }
    for (const { template, sign, to } of texts) {
      const limit = template.kind === 'code' ? codeLimits.broken(sign, to, network.now()) : undefined
      if (limit) return business('isv.BUSINESS_LIMIT_CONTROL', limit)
    }
    return undefined
  }
}

/** The numbers of a send, separated by commas, as E.164 where they can be read. */
function recipientsOf(form: ReadonlyMap<string, string>): string | undefined {
  const batch = parseJson(form.get('PhoneNumberJson') ?? '')
  const numbers = Array.isArray(batch) ? batch.map(String) : form.get('PhoneNumbers')?.split(',')
  return numbers?.map((number) => readPhone(number) ?? number).join(',')
}

function header(request: WireRequest, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}
