import { randomUUID } from 'node:crypto'
import type { AlibabaSettings } from '../../../nodes/services/sms/alibaba.ts'
import { Config, DysmsClient, OpenApiUtil } from './alibaba-sdk.ts'
import { openTransport, type Timeouts, type Transport } from './transport.ts'
import { requestInCall } from './wire-call.ts'

const USER_AGENT = 'sms-logic'
const SIGNATURE = 'ACS3-HMAC-SHA256'
/** Most actions keep all their parameters in the query. */
const EMPTY_BODY_HASH = OpenApiUtil.hash(Buffer.alloc(0), SIGNATURE).toString('hex')

type CallApi = InstanceType<typeof DysmsClient>['callApi']
type Params = Parameters<CallApi>[0]
type ApiRequest = Parameters<CallApi>[1]
type RuntimeOptions = Parameters<CallApi>[2]
type SignedRequest = Parameters<typeof OpenApiUtil.getAuthorization>[0]

/**
 * Alibaba's client with its HTTP end replaced: the library builds and signs each request, our transport carries it.
 * The library's own end takes a connect time-out for an idle one, hides the answer's headers and knows no deadline.
 */
export class AlibabaClient extends DysmsClient {
  readonly transport: Transport
  private readonly settings: AlibabaSettings
  private readonly agent: string

  constructor(settings: AlibabaSettings, origin: string | undefined, timeouts: Timeouts | undefined) {
    super(
      new Config({
        accessKeyId: settings.accessKey,
        accessKeySecret: settings.accessSecret,
        securityToken: settings.securityToken,
        regionId: settings.region ?? 'cn-hangzhou',
        endpoint: origin && new URL(origin).host,
        // not left out, or the library reads ALIBABA_CLOUD_USER_AGENT
        userAgent: USER_AGENT,
      }),
    )
    this.settings = settings
    this.agent = OpenApiUtil.getUserAgent(USER_AGENT)
    this.transport = openTransport({
      origin: origin ?? `https://${this._endpoint}`,
      connections: settings.concurrency,
      timeouts,
    })
  }

  /**
   * The answer itself stays with the call that `observeCall` watches: what it means is for the adapter to say, and the
   * library would spend more time on copying it into its model than on the signature.
   */
  override async callApi(params: Params, request: ApiRequest, runtime: RuntimeOptions): Promise<object> {
    const query = (request.query ?? {}) as Record<string, string>
    const { accessKey, accessSecret, securityToken } = this.settings
    const given = runtime.extendsParameters?.headers
    const body = request.body ? encodeQuery(request.body as Record<string, string>) : undefined
    const headers: Record<string, string> = {
      host: this._endpoint,
      accept: 'application/json',
      'user-agent': this.agent,
      'x-acs-version': params.version,
      'x-acs-action': params.action,
      'x-acs-date': OpenApiUtil.getTimestamp(),
      'x-acs-signature-nonce': given?.['x-acs-signature-nonce'] ?? randomUUID(),
      'x-acs-content-sha256': EMPTY_BODY_HASH,
    }
    if (body !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded'
      headers['x-acs-content-sha256'] = OpenApiUtil.hash(Buffer.from(body), SIGNATURE).toString('hex')
    }
    if (securityToken) {
      headers['x-acs-accesskey-id'] = accessKey
      headers['x-acs-security-token'] = securityToken
    }
    const signed = { method: 'POST', pathname: params.pathname, query, headers } as SignedRequest
    headers['Authorization'] = OpenApiUtil.getAuthorization(
      signed,
      SIGNATURE,
      headers['x-acs-content-sha256']!,
      accessKey,
      accessSecret,
    )
    const path = `${params.pathname}?${encodeQuery(query)}`
    await requestInCall(this.transport, { method: 'POST', path, headers, body })
    return {}
  }
}

/** RFC 3986 throughout, the form the signature is made over; `URLSearchParams` would write a space as `+`. */
function encodeQuery(query: Record<string, string>): string {
  let encoded = ''
  for (const name in query) encoded += `${encoded && '&'}${encode(name)}=${encode(query[name]!)}`
  return encoded
}

function encode(text: string): string {
  const encoded = encodeURIComponent(text)
  if (!/[!'()*]/.test(encoded)) return encoded
  return encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
