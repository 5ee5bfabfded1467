import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { AlibabaAccount } from '../accounts.ts'
import { isSameSecret, percentEncode } from '../wire.ts'
import type { WireRequest } from '../wire.ts'
import type { UsedNonces } from './used-nonces.ts'
import type { AlibabaError } from './replies.ts'

const ALLOWED_SKEW_MS = 15 * 60_000

/**
 * Verifies the V3 request signature, ACS3-HMAC-SHA256.
 * @returns the account, or the refusal of the gateway
 * @see Alibaba Cloud "Request syntax and signature method V3", read 2026-08
 */
export function verifySignature(
  request: WireRequest,
  accounts: readonly AlibabaAccount[],
  nonces: UsedNonces,
  now: Date,
): AlibabaAccount | AlibabaError {
  const { authorization = '' } = request.headers
  const match =
    /^ACS3-HMAC-SHA256\s+Credential=([^\s,]+)\s*,\s*SignedHeaders=([^\s,]+)\s*,\s*Signature=([0-9a-f]{64})$/.exec(
      authorization,
    )
  if (!match) {
    return refusal('MissingAuthorization', 'Authorization is mandatory for this action, as ACS3-HMAC-SHA256.')
  }
  const [, accessKey, headerList, signature] = match
  const account = accounts.find((each) => each.accessKey === accessKey)
  if (!account) return refusal('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404)
  const token = header(request, 'x-acs-security-token')
  if (account.securityToken === undefined ? token !== '' : !isSameSecret(token, account.securityToken)) {
    return refusal(
      'InvalidSecurityToken.MismatchWithAccessKey',
      'Specified SecurityToken does not match AccessKey.',
    )
  }
  const date = header(request, 'x-acs-date')
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) {
    return refusal('InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.')
  }
  if (!(Math.abs(now.getTime() - Date.parse(date)) <= ALLOWED_SKEW_MS)) {
    return refusal('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
  }
  const nonce = header(request, 'x-acs-signature-nonce')
  if (!nonce) return refusal('MissingSignatureNonce', 'SignatureNonce is mandatory for this action.')
  const signedHeaders = headerList!.split(';')
  const bodyHash = hash('sha256', request.body, 'hex')
  const isWhole =
    header(request, 'x-acs-content-sha256') === bodyHash && coversWhatItMust(request, signedHeaders)
  const expected = sign(account.accessSecret, canonicalRequest(request, signedHeaders, bodyHash))
  if (!isWhole || !timingSafeEqual(Buffer.from(signature!, 'hex'), expected)) {
    return refusal('SignatureDoesNotMatch', 'Specified signature does not match our calculation.')
  }
  // Only now: a stranger without the secret must not use up somebody's nonces.
  if (!nonces.use(`${account.accessKey} ${nonce}`, now)) {
    return refusal('SignatureNonceUsed', 'Specified signature nonce was used already.')
  }
  return account
}

/** Exported for the published example. */
export function canonicalRequest(
  request: Pick<WireRequest, 'method' | 'path' | 'query' | 'rawHeaders'>,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const headers = signedHeaders.map((name) => `${name}:${valueOf(request.rawHeaders, name)}\n`)
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n')
}

/** The signature of a canonical request. Exported for the published example. */
export function sign(secret: string, canonical: string): Buffer {
  return createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${hash('sha256', canonical, 'hex')}`)
    .digest()
}

/** Clients encode the URL more loosely than they sign it: decode, then encode strictly. */
function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = equals < 0 ? pair : pair.slice(0, equals)
      return [decode(name), equals < 0 ? '' : decode(pair.slice(equals + 1))] as const
    })
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** The host, the content type and all of Alibaba's own headers must be under the signature. */
function coversWhatItMust(request: WireRequest, signedHeaders: readonly string[]): boolean {
  return Object.keys(request.headers).every(
    (name) =>
      (name !== 'host' && name !== 'content-type' && !name.startsWith('x-acs-')) ||
      signedHeaders.includes(name),
  )
}

function valueOf(rawHeaders: readonly string[], name: string): string {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === name) values.push(rawHeaders[index + 1]!.trim())
  }
  return values.join(',')
}

function header(request: WireRequest, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

function refusal(code: string, message: string, status = 400): AlibabaError {
  return { code, message, status }
}
