import { z } from 'zod'
import type { AlibabaSettings } from '../../../nodes/services/sms/alibaba.ts'
import type {
  CredentialsCheck,
  LookUp,
  OutgoingSms,
  ProviderTemplate,
  SendOutcome,
  SmsProvider,
} from '../../../nodes/services/sms/provider.ts'
import { placeholdersOf } from '../../../nodes/services/sms/template.ts'
import { AlibabaClient } from './alibaba-client.ts'
import { describeDetail, sendDates, sendDetails } from './alibaba-look-up.ts'
import {
  QuerySendDetailsRequest,
  QuerySmsSignListRequest,
  QuerySmsTemplateRequest,
  SendSmsRequest,
} from './alibaba-sdk.ts'
import { batchSize, haveSameText, ownTexts, sameText } from './alibaba-batch.ts'
import { readsAsMainland, toAlibabaNumber } from './alibaba-number.ts'
import { readAlibabaCode } from './alibaba-codes.ts'
import * as failure from './failure.ts'
import { parseAnswer } from './parse-answer.ts'
import type { Timeouts, WireAnswer } from './transport.ts'
import { observeCall, type WireCall } from './wire-call.ts'

const verdict = z.object({
  Code: z.string().regex(/^[\w.-]{1,100}$/),
  Message: z.string().nullish(),
  RequestId: z.string().nullish(),
})
const sentReply = z.object({ Code: z.literal('OK'), BizId: z.string().min(1) })
const okReply = z.object({ Code: z.literal('OK') })
const signsReply = okReply.extend({
  SmsSignList: z.array(z.object({ SignName: z.string(), AuditStatus: z.string() })).nullish(),
})
const templateReply = okReply.extend({
  TemplateCode: z.string(),
  TemplateName: z.string().nullish(),
  TemplateContent: z.string(),
  TemplateStatus: z.coerce.number(),
})

/**
 * Sends approved templates through Alibaba Cloud's SMS service with Alibaba's own library on our transport.
 * @param origin where to send instead of the region's own host, for example the sandbox
 */
export function openAlibaba(
  settings: AlibabaSettings,
  options: { origin?: string | undefined; timeouts?: Timeouts | undefined } = {},
): SmsProvider {
  const client = new AlibabaClient(settings, options.origin, options.timeouts)
  const secrets = failure.secretsOf('alibaba', settings)

  return {
    name: 'alibaba',
    async send(message, signal): Promise<SendOutcome> {
      if (readsAsMainland(message.to)) return ambiguousNumber
      const request = new SendSmsRequest({
        phoneNumbers: toAlibabaNumber(message.to),
        signName: settings.verifySign,
        templateCode: message.templateCode,
        templateParam: JSON.stringify(message.templateVariables ?? {}),
        outId: message.id,
      })
      const once = runtimeOptions({ 'x-acs-signature-nonce': nonceFor(message) })
      const call = await observeCall(() => client.sendSmsWithOptions(request, once), signal)
      if (!call.answer) return withoutAnswer(call)
      const reply = isSuccess(call.answer) ? parseAnswer(call.answer, sentReply) : undefined
      if (reply) return { state: 'accepted', providerId: reply.BizId }
      return readRefusal(call.answer, [...unspeakableOf(message), ...secrets])
    },

    batchSize,

    async sendBatch(messages, signal): Promise<SendOutcome[]> {
      const [first] = messages
      const once = runtimeOptions({ 'x-acs-signature-nonce': nonceFor(first!) })
      const call = await observeCall(
        () =>
          haveSameText(messages)
            ? client.sendSmsWithOptions(sameText(messages, settings.verifySign), once)
            : client.sendBatchSmsWithOptions(ownTexts(messages, settings.verifySign), once),
        signal,
      )
      const outcome = batchOutcome(call, [...messages.flatMap(unspeakableOf), ...secrets])
      return messages.map(() => outcome)
    },

    async lookUp(message, since, now, signal): Promise<LookUp> {
      for (const sendDate of sendDates(since, now)) {
        for (let currentPage = 1; ; currentPage++) {
          const request = new QuerySendDetailsRequest({
            ...{ phoneNumber: toAlibabaNumber(message.to), sendDate, currentPage, pageSize: PAGE_SIZE },
          })
          const call = await observeCall(
            () => client.querySendDetailsWithOptions(request, runtimeOptions()),
            signal,
          )
          if (!call.answer) {
            return { state: 'cannot-tell', isReachable: false, error: withoutAnswer(call).error }
          }
          const reply = isSuccess(call.answer) ? parseAnswer(call.answer, sendDetails) : undefined
          if (!reply) {
            const { error } = readRefusal(call.answer, secrets)
            return { state: 'cannot-tell', isReachable: true, error }
          }
          const details = reply.SmsSendDetailDTOs?.SmsSendDetailDTO ?? []
          const ours = details.find(({ OutId }) => OutId === message.id)
          if (ours) return { state: 'found', matches: [describeDetail(ours)] }
          if (details.length === 0 || currentPage * PAGE_SIZE >= reply.TotalCount) break
        }
      }
      return { state: 'absent' }
    },

    async checkCredentials(signal): Promise<CredentialsCheck> {
      const request = new QuerySmsSignListRequest({ pageIndex: 1, pageSize: 50 })
      const call = await observeCall(
        () => client.querySmsSignListWithOptions(request, runtimeOptions()),
        signal,
      )
      if (!call.answer) return { ok: false, error: withoutAnswer(call).error }
      const reply = isSuccess(call.answer) ? parseAnswer(call.answer, signsReply) : undefined
      const account = settings.accessKey
      if (reply) {
        const sign = reply.SmsSignList?.find(({ SignName }) => SignName === settings.verifySign)
        return { ok: true, account, details: { sign: sign?.AuditStatus ?? 'not listed' } }
      }
      const { error } = readRefusal(call.answer, secrets)
      // The gateway checked the signature and misses a right: good credentials that may only send.
      if (mayOnlySend.test(error.providerCode)) return { ok: true, account, details: { access: 'send only' } }
      return { ok: false, error }
    },

    async describeTemplate(code, signal): Promise<ProviderTemplate | null> {
      const request = new QuerySmsTemplateRequest({ templateCode: code })
      const call = await observeCall(
        () => client.querySmsTemplateWithOptions(request, runtimeOptions()),
        signal,
      )
      const reply =
        call.answer && isSuccess(call.answer) ? parseAnswer(call.answer, templateReply) : undefined
      if (reply) {
        return {
          code: reply.TemplateCode,
          name: reply.TemplateName ?? reply.TemplateCode,
          text: reply.TemplateContent,
          status: templateStates[reply.TemplateStatus] ?? 'rejected',
          placeholders: placeholdersOf(reply.TemplateContent),
        }
      }
      const refused = call.answer ? readRefusal(call.answer, secrets) : withoutAnswer(call)
      if (/TEMPLATE/.test(refused.error.providerCode)) return null
      throw failure.refusedQuery('Alibaba Cloud did not describe the template', refused)
    },

    close: () => client.transport.close(),
  }
}

/** Most of one answer to QuerySendDetails. */
const PAGE_SIZE = 50

function unspeakableOf(message: OutgoingSms): string[] {
  return [...failure.privateParts(message), toAlibabaNumber(message.to)]
}

/** One verdict for the whole request: all of it was taken, none, or nobody can tell of any. */
function batchOutcome(call: WireCall<unknown>, unspeakable: string[]): SendOutcome {
  if (!call.answer) return withoutAnswer(call)
  const reply = isSuccess(call.answer) ? parseAnswer(call.answer, sentReply) : undefined
  if (reply) return { state: 'accepted', providerId: reply.BizId }
  return readRefusal(call.answer, unspeakable)
}

const mayOnlySend = /^(isp\.RAM_PERMISSION_DENY|Forbidden(\.RAM)?|NoPermission)$/

const templateStates: Record<number, ProviderTemplate['status']> = {
  0: 'pending',
  1: 'approved',
  2: 'rejected',
}

type RuntimeOptions = Parameters<AlibabaClient['sendSmsWithOptions']>[1]
function runtimeOptions(headers?: Record<string, string>): RuntimeOptions {
  return (headers ? { extendsParameters: { headers } } : {}) as RuntimeOptions
}

/**
 * The same for every copy of one attempt, so the gateway refuses a second one while it remembers the first; another
 * for the next attempt, which only follows where this one was certainly not accepted.
 */
function nonceFor({ id, attempt }: OutgoingSms): string {
  return `${id}.${attempt}`
}

const ambiguousNumber: SendOutcome = {
  state: 'rejected',
  error: {
    provider: 'alibaba',
    providerCode: 'NUMBER_READ_AS_MAINLAND',
    about: 'recipient',
    message: 'Alibaba Cloud would read this North American number as one of mainland China; nothing was sent',
  },
}

function isSuccess(answer: WireAnswer): boolean {
  return answer.status >= 200 && answer.status < 300
}

function withoutAnswer(call: WireCall<unknown>): failure.NotAccepted {
  return call.failure
    ? failure.transportFailure('alibaba', call.failure)
    : failure.refusedBySdk('alibaba', call.thrown)
}

/** Business refusals come with HTTP 200, gateway refusals with 4xx; the `Code` is the verdict in both. */
function readRefusal(answer: WireAnswer, unspeakable: string[]): failure.NotAccepted {
  const body = parseAnswer(answer, verdict)
  const requestId = body?.RequestId?.slice(0, 64)
  const facts = requestId ? { requestId } : {}
  if (!body || body.Code === 'OK' || (answer.status >= 300 && answer.status < 400)) {
    return failure.unclearAnswer('alibaba', answer, facts)
  }
  const words = body.Message ?? ''
  const { state, about, retryAfterMs } = readAlibabaCode(body.Code, answer.status, words, Date.now())
  if (state === 'unknown') {
    return failure.unclearAnswer('alibaba', answer, { ...facts, providerCode: body.Code })
  }
  const error = {
    provider: 'alibaba' as const,
    providerCode: body.Code,
    about,
    message:
      body.Code === 'SignatureDoesNotMatch'
        ? 'Alibaba Cloud could not verify the signature of the request'
        : failure.scrub(words, unspeakable),
    httpStatus: answer.status,
    ...facts,
  }
  if (state === 'rejected') return { state, error }
  return { state, error, retryAfterMs: retryAfterMs ?? retryAfter(answer) }
}

/** Alibaba's own header; its library takes the number for milliseconds. */
function retryAfter(answer: WireAnswer): number | undefined {
  const own = Number(answer.headers['x-acs-retry-after'] || NaN)
  return Number.isFinite(own) ? own : failure.retryAfterMs(answer.headers, Date.now())
}
