import {
  GetSMSAttributesCommand,
  PublishCommand,
  SNSClient,
  type MessageAttributeValue,
  type SNSClientConfig,
} from '@aws-sdk/client-sns'
import type { AwsSnsSettings } from '../../../nodes/services/sms/aws-sns.ts'
import type { CredentialsCheck, SendOutcome, SmsProvider } from '../../../nodes/services/sms/provider.ts'
import { readSnsCode } from './aws-sns-codes.ts'
import * as failure from './failure.ts'
import { openTransport, type Timeouts, type Transport, type WireAnswer } from './transport.ts'
import { observeCall, requestInCall, type WireCall } from './wire-call.ts'

type RequestHandler = Exclude<SNSClientConfig['requestHandler'], undefined>
interface SdkRequest {
  method: string
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: string | Uint8Array
}

/**
 * Publishes text messages straight to phone numbers with Amazon's own library on our transport.
 * @param origin where to send instead of the region's own host, for example the sandbox
 */
export function openAwsSns(
  settings: AwsSnsSettings,
  options: { origin?: string | undefined; timeouts?: Timeouts | undefined } = {},
): SmsProvider {
  const origin = options.origin ?? awsSnsOrigin(settings.region)
  const transport = openTransport({ origin, connections: settings.concurrency, timeouts: options.timeouts })
  const client = new SNSClient({
    // Everything the library would otherwise look up in environment variables and ~/.aws is said here.
    region: settings.region,
    endpoint: origin,
    credentials: {
      accessKeyId: settings.accessKey,
      secretAccessKey: settings.secretKey,
      ...(settings.sessionToken && { sessionToken: settings.sessionToken }),
    },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    defaultsMode: 'standard',
    retryMode: 'standard',
    userAgentAppId: async () => undefined,
    authSchemePreference: [],
    // The library sends a text up to three times unless told otherwise.
    maxAttempts: 1,
    cacheMiddleware: true,
    requestHandler: requestHandlerOn(transport),
  })
  leaveOutUnneeded(client)
  const attributes = attributesOf(settings)
  const secrets = failure.secretsOf('aws-sns', settings)

  return {
    name: 'aws-sns',
    async send(message, signal): Promise<SendOutcome> {
      const command = new PublishCommand({
        PhoneNumber: message.to,
        Message: message.text,
        MessageAttributes: attributes,
      })
      const call = await observeCall(() => client.send(command), signal)
      if (!call.answer) return withoutAnswer(call)
      const providerId = call.result?.MessageId
      if (providerId) return { state: 'accepted', providerId }
      return readRefusal(call.answer, [...failure.privateParts(message), ...secrets])
    },
    async checkCredentials(signal): Promise<CredentialsCheck> {
      const call = await observeCall(() => client.send(new GetSMSAttributesCommand({})), signal)
      if (!call.answer) return { ok: false, error: withoutAnswer(call).error }
      const account = `${settings.accessKey} · ${settings.region}`
      if (call.result) return { ok: true, account, details: { ...call.result.attributes } }
      const { error } = readRefusal(call.answer, secrets)
      // A signature that SNS checked and a right that it misses: good credentials that may only publish.
      if (mayOnlyPublish.has(error.providerCode))
        return { ok: true, account, details: { access: 'publish only' } }
      return { ok: false, error }
    },
    async close() {
      client.destroy()
      await transport.close()
    },
  }
}

/**
 * Takes out what costs a quarter of a send and adds nothing to it: a new signer for each request, although region and
 * credentials stay; a log of nothing; a trace header from a Lambda's environment; a user agent of many parts.
 */
function leaveOutUnneeded(client: SNSClient): void {
  const { signer } = client.config
  let made: ReturnType<typeof signer> | undefined
  client.config.signer = (scheme) => (made ??= signer(scheme))
  for (const name of ['loggerMiddleware', 'recursionDetectionMiddleware', 'getUserAgentMiddleware']) {
    client.middlewareStack.remove(name)
  }
}

const mayOnlyPublish = new Set(['AuthorizationError', 'AccessDenied', 'AccessDeniedException'])

export function awsSnsOrigin(region: string): string {
  return `https://sns.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

function attributesOf(settings: AwsSnsSettings): Record<string, MessageAttributeValue> {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue })
  return {
    'AWS.SNS.SMS.SMSType': text(settings.smsType),
    ...(settings.senderId && { 'AWS.SNS.SMS.SenderID': text(settings.senderId) }),
    ...(settings.maxPrice && {
      'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: settings.maxPrice },
    }),
    ...(settings.originationNumber && {
      'AWS.MM.SMS.OriginationNumber': text(settings.originationNumber),
    }),
  }
}

/** Stands in for the library's HTTP handler. */
function requestHandlerOn(transport: Transport): RequestHandler {
  const handler = {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle({ method, path, query, headers, body }: SdkRequest) {
      const search = query && Object.keys(query).length > 0 ? `?${new URLSearchParams(query as never)}` : ''
      const { host: _, ...rest } = headers
      const answer = await requestInCall(transport, {
        method: method === 'GET' ? 'GET' : 'POST',
        path: path + search,
        headers: { ...rest, 'user-agent': 'sms-logic' },
        body,
      })
      return {
        response: { statusCode: answer.status, headers: answer.headers, body: Buffer.from(answer.body) },
      }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
  return handler as unknown as RequestHandler
}

function withoutAnswer(call: WireCall<unknown>): failure.NotAccepted {
  return call.failure
    ? failure.transportFailure('aws-sns', call.failure)
    : failure.refusedBySdk('aws-sns', call.thrown)
}

/** Reads the answer itself, not the library's error: that one calls any page with status 404 `NotFound`. */
function readRefusal(answer: WireAnswer, unspeakable: string[]): failure.NotAccepted {
  const body = readErrorXml(answer.body)
  const requestId = body?.requestId ?? answer.headers['x-amzn-requestid']
  const facts = requestId ? { requestId: requestId.slice(0, 64) } : {}
  if (!body) return failure.unclearAnswer('aws-sns', answer, facts)
  const verdict = readSnsCode(body.code, answer.status, body.message)
  if (verdict.state === 'unknown') {
    return failure.unclearAnswer('aws-sns', answer, { ...facts, providerCode: body.code })
  }
  const error = {
    provider: 'aws-sns' as const,
    providerCode: body.code,
    about: verdict.about,
    message: quotesRequest.has(body.code)
      ? 'AWS could not verify the signature of the request'
      : failure.scrub(body.message, unspeakable),
    httpStatus: answer.status,
    ...facts,
  }
  if (verdict.state === 'rejected') return { state: 'rejected', error }
  return { state: 'throttled', error, retryAfterMs: retryAfter(answer) }
}

/** Their messages repeat the canonical request with headers and tokens. */
const quotesRequest = new Set(['SignatureDoesNotMatch', 'IncompleteSignature', 'InvalidSignatureException'])

function readErrorXml(
  body: string,
): { code: string; message: string; requestId: string | undefined } | undefined {
  if (!/<ErrorResponse\b/.test(body)) return undefined
  const code = /<Code>\s*([\w.]{1,80})\s*<\/Code>/.exec(body)?.[1]
  if (!code) return undefined
  const message = /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? ''
  const requestId = /<RequestId>([\w-]{1,64})<\/RequestId>/.exec(body)?.[1]
  return { code, message: decodeXml(message), requestId }
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
function decodeXml(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name]!)
}

/** AWS knows the standard header and one of its own, in milliseconds. */
function retryAfter(answer: WireAnswer): number | undefined {
  const own = Number(answer.headers['x-amz-retry-after'] || NaN)
  return Number.isFinite(own) ? own : failure.retryAfterMs(answer.headers, Date.now())
}
