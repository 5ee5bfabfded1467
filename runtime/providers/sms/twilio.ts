import { stringify } from 'node:querystring'
import sdk from 'twilio'
import { z } from 'zod'
import type {
  CredentialsCheck,
  LookUp,
  OutgoingSms,
  ProviderTemplate,
  SendFailure,
  SendOutcome,
  SmsProvider,
} from '../../../nodes/services/sms/provider.ts'
import { contentPlaceholdersOf } from '../../../nodes/services/sms/content-template.ts'
import type { TwilioSettings } from '../../../nodes/services/sms/twilio.ts'
import * as failure from './failure.ts'
import { parseAnswer } from './parse-answer.ts'
import { openTransport, type Timeouts, type Transport, type WireAnswer } from './transport.ts'
import { readTwilioCode } from './twilio-codes.ts'
import { lookUpAtTwilio } from './twilio-look-up.ts'
import { observeCall, requestInCall, type WireCall } from './wire-call.ts'

type HttpClient = NonNullable<ConstructorParameters<typeof sdk.Twilio>[2]>['httpClient']
type HttpRequest = Parameters<NonNullable<HttpClient>['request']>[0]

/** Fields of a created message that decide whether it was taken. */
const createdMessage = z.object({
  sid: z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/),
  status: z.string(),
  num_segments: z.coerce.number().int().nonnegative().nullish().catch(null),
  error_code: z.number().int().nullish(),
  error_message: z.string().nullish(),
})
const refusal = z.object({ code: z.number().int(), message: z.string().default('') })
const contentReply = z.object({
  sid: z.string(),
  friendly_name: z.string().nullish(),
  types: z.object({ 'twilio/text': z.object({ body: z.string() }).nullish() }),
})
const accountReply = z.object({ friendly_name: z.string(), status: z.string(), type: z.string().nullish() })

const refusedStates = new Set(['failed', 'undelivered', 'canceled'])

/**
 * Sends through Twilio's Messages resource with Twilio's own library on our transport.
 * @param options.origin where to send instead of Twilio's own host, for example the sandbox
 * @param options.statusCallback where Twilio is to report what becomes of a text; our id is put behind it
 */
export function openTwilio(
  settings: TwilioSettings,
  options: {
    origin?: string | undefined
    timeouts?: Timeouts | undefined
    statusCallback?: (() => string | undefined) | undefined
  } = {},
): SmsProvider {
  const transport = openTransport({
    origin: options.origin ?? twilioOrigin(settings),
    connections: settings.concurrency,
    timeouts: options.timeouts,
  })
  let contentTransport: Transport | undefined
  /** Twilio keeps its content templates on a host of their own, which is asked for little. */
  const contents = () =>
    (contentTransport ??= openTransport({
      origin: options.origin ?? twilioOrigin(settings, 'content'),
      connections: 1,
      timeouts: options.timeouts,
    }))
  const user = settings.apiKeySid ?? settings.accountSid
  const password = settings.apiKeySid ? settings.apiKeySecret! : settings.authToken
  const client = new sdk.Twilio(user, password, {
    accountSid: settings.accountSid,
    httpClient: httpClientOn((host) => (host === CONTENT_HOST ? contents() : transport), user, password),
    // empty rather than absent, or the library reads TWILIO_EDGE and TWILIO_REGION from the environment
    edge: '',
    region: '',
    logLevel: 'none',
  })
  const secrets = failure.secretsOf('twilio', settings)
  const sender = settings.messagingServiceSid
    ? { MessagingServiceSid: settings.messagingServiceSid }
    : { From: settings.fromNumber }
  // The library's plain request: `messages.create` makes an object of each answer, with three dates parsed, that
  // nobody here reads, and costs five times as much. The transport puts its own origin in place of this one.
  const messagesUri = `https://api.twilio.com/2010-04-01/Accounts/${settings.accountSid}/Messages.json`

  function callbackOf({ id }: OutgoingSms): { StatusCallback?: string } {
    const url = options.statusCallback?.()
    return url === undefined ? {} : { StatusCallback: `${url}?token=${id}` }
  }

  return {
    name: 'twilio',
    async send(message, signal): Promise<SendOutcome> {
      const call = await observeCall(
        () =>
          client.request({
            method: 'post',
            uri: messagesUri,
            data: { ...sender, To: message.to, ...contentOf(message), ...callbackOf(message) },
          }),
        signal,
      )
      if (!call.answer) return withoutAnswer(call)
      return readCreated(call.answer, [...failure.privateParts(message), ...secrets])
    },
    async lookUp(message, since, _now, signal): Promise<LookUp> {
      let call: WireCall<unknown> | undefined
      const found = await lookUpAtTwilio(message, since, {
        sender,
        async fetch(path) {
          const uri = path.startsWith('?') ? messagesUri + path : new URL(path, messagesUri).href
          call = await observeCall(() => client.request({ method: 'get', uri }), signal)
          return call.answer
        },
      })
      if (found && 'state' in found) return found
      if (found) return cannotTell(readRefusal(found.unreadable, secrets).error)
      return { ...cannotTell(withoutAnswer(call!).error), isReachable: false }
    },
    async checkCredentials(signal): Promise<CredentialsCheck> {
      const call = await observeCall(() => client.api.v2010.accounts(settings.accountSid).fetch(), signal)
      if (!call.answer) return { ok: false, error: withoutAnswer(call).error }
      return readAccount(call.answer, secrets)
    },
    async describeTemplate(sid, signal): Promise<ProviderTemplate | null> {
      const uri = `https://${CONTENT_HOST}/v1/Content/${encodeURIComponent(sid)}`
      const call = await observeCall(() => client.request({ method: 'get', uri }), signal)
      const content = call.answer?.status === 200 ? parseAnswer(call.answer, contentReply) : undefined
      if (content) return describeContent(content)
      const refused = call.answer ? readRefusal(call.answer, secrets) : withoutAnswer(call)
      if (refused.error.providerCode === NOT_FOUND) return null
      throw failure.refusedQuery('Twilio did not describe the content template', refused)
    },
    async close() {
      await Promise.all([transport.close(), contentTransport?.close()])
    },
  }
}

function contentOf({ text, contentSid, contentVariables }: OutgoingSms): Record<string, string | undefined> {
  if (contentSid === undefined) return { Body: text }
  return { ContentSid: contentSid, ContentVariables: JSON.stringify(contentVariables ?? {}) }
}

function cannotTell(error: SendFailure) {
  return { state: 'cannot-tell', isReachable: true, error } as const
}

/** The host that the library writes before the path of content templates. */
const CONTENT_HOST = 'content.twilio.com'
/** Twilio's code for what does not exist. */
const NOT_FOUND = '20404'

/** An SMS is made of the plain text; a template without one is for other channels. */
function describeContent({
  sid,
  friendly_name: name,
  types,
}: z.output<typeof contentReply>): ProviderTemplate {
  const text = types['twilio/text']?.body ?? ''
  return {
    code: sid,
    name: name ?? sid,
    text,
    status: text === '' ? 'rejected' : 'approved',
    placeholders: contentPlaceholdersOf(text),
  }
}

/** `api.<edge>.<region>.twilio.com`; an edge without a region means `us1`. */
export function twilioOrigin({ edge, region }: TwilioSettings, product: 'api' | 'content' = 'api'): string {
  const parts = [product, edge, region ?? (edge ? 'us1' : undefined), 'twilio.com']
  return `https://${parts.filter(Boolean).join('.')}`
}

/** Stands in for the library's axios client: same headers and encoding, but our origin, deadline and one request. */
function httpClientOn(transportFor: (host: string) => Transport, user: string, password: string): HttpClient {
  const credentials = Buffer.from(`${user}:${password}`).toString('base64')
  const client = {
    async request(request: HttpRequest) {
      // the library writes its own host before the path
      const pathAt = request.uri.indexOf('/', 'https://'.length)
      const host = request.uri.slice('https://'.length, pathAt)
      const answer = await requestInCall(transportFor(host), {
        method: request.method === 'post' ? 'POST' : 'GET',
        path: request.uri.slice(pathAt),
        headers: { ...(request.headers as Record<string, string>), Authorization: `Basic ${credentials}` },
        body: request.data ? stringify({ ...request.data }) : undefined,
      })
      return { statusCode: answer.status, body: answer.body, headers: answer.headers }
    },
  }
  return client as unknown as HttpClient
}

function withoutAnswer(call: WireCall<unknown>): failure.NotAccepted {
  return call.failure
    ? failure.transportFailure('twilio', call.failure)
    : failure.refusedBySdk('twilio', call.thrown)
}

/** A 201 alone proves nothing: the message must have an id, and a state other than failed. */
function readCreated(answer: WireAnswer, unspeakable: string[]): SendOutcome {
  if (answer.status < 200 || answer.status >= 300) return readRefusal(answer, unspeakable)
  const message = parseAnswer(answer, createdMessage)
  if (!message) return failure.unclearAnswer('twilio', answer, requestIdOf(answer))
  if (!refusedStates.has(message.status)) {
    return { state: 'accepted', providerId: message.sid, segments: message.num_segments || undefined }
  }
  const code = message.error_code ?? 0
  return {
    state: 'rejected',
    error: {
      provider: 'twilio',
      providerCode: message.error_code ? String(code) : message.status.toUpperCase(),
      about: message.error_code ? readTwilioCode(code).about : 'provider',
      message: failure.scrub(
        message.error_message ?? `Twilio took the message and gave it up at once`,
        unspeakable,
      ),
      httpStatus: answer.status,
      ...requestIdOf(answer),
    },
  }
}

/** Twilio states that a 429 was never processed; a 5xx may have been, and a page without a code may be a proxy's. */
function readRefusal(answer: WireAnswer, unspeakable: string[]): failure.NotAccepted {
  const body = parseAnswer(answer, refusal)
  const throttled = answer.status === 429
  if (!throttled && (!body || answer.status < 400 || answer.status >= 500)) {
    return failure.unclearAnswer('twilio', answer, {
      ...requestIdOf(answer),
      ...(body && { providerCode: String(body.code) }),
    })
  }
  const verdict = readTwilioCode(throttled ? 20429 : body!.code)
  const error = {
    provider: 'twilio' as const,
    providerCode: String(body?.code ?? 20429),
    about: verdict.about,
    message: failure.scrub(body?.message ?? 'Too many requests', unspeakable),
    httpStatus: answer.status,
    ...requestIdOf(answer),
  }
  if (verdict.state === 'rejected') return { state: 'rejected', error }
  return { state: 'throttled', error, retryAfterMs: failure.retryAfterMs(answer.headers, Date.now()) }
}

function readAccount(answer: WireAnswer, unspeakable: string[]): CredentialsCheck {
  const account = answer.status === 200 ? parseAnswer(answer, accountReply) : undefined
  if (!account) return { ok: false, error: readRefusal(answer, unspeakable).error }
  if (account.status === 'active') {
    return { ok: true, account: account.friendly_name, details: account.type ? { type: account.type } : {} }
  }
  const error = {
    provider: 'twilio' as const,
    providerCode: `ACCOUNT_${account.status.toUpperCase()}`,
    about: 'configuration' as const,
    message: `The Twilio account is ${account.status}`,
    httpStatus: answer.status,
  }
  return { ok: false, error }
}

function requestIdOf(answer: WireAnswer): { requestId?: string } {
  const id = answer.headers['twilio-request-id']
  return id ? { requestId: id.slice(0, 64) } : {}
}
