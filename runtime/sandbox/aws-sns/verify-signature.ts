import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { AwsAccount } from '../accounts.ts'
import { isSameSecret, percentEncode } from '../wire.ts'
import type { WireRequest } from '../wire.ts'
import type { AwsError } from './replies.ts'

const ALLOWED_SKEW_MS = 15 * 60_000

/**
 * Verifies Signature Version 4: exactly the headers that the request names as signed, against the raw request.
 * @param service the name that the credential scope must end in, `sns` for SNS
 * @returns the account, or the refusal
 * @see AWS "Create a signed AWS API request", read 2026-08
 */
export function verifySignature(
  request: WireRequest,
  accounts: readonly AwsAccount[],
  service: string,
  now: Date,
): AwsAccount | AwsError {
  const { authorization } = request.headers
  if (!authorization) {
    return refusal('MissingAuthenticationToken', 'Request is missing Authentication Token')
  }
  const parts = parseAuthorization(authorization)
  const time = request.headers['x-amz-date']
  if (!parts || typeof time !== 'string' || time === '') {
    return refusal(
      'IncompleteSignature',
      'Authorization header or X-Amz-Date is missing or not well-formed.',
      400,
    )
  }
  const [accessKey, date, region, scopeService, terminator] = parts.scope
  const account = accounts.find((each) => each.accessKey === accessKey)
  const token = request.headers['x-amz-security-token']
  if (!account || !isTokenOf(account, token)) {
    return refusal('InvalidClientTokenId', 'The security token included in the request is invalid.')
  }
  if (scopeService !== service || terminator !== 'aws4_request' || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region!)) {
    return mismatch(`Credential should be scoped to a valid region and to service: '${service}'.`)
  }
  const moment = parseTime(time)
  if (Number.isNaN(moment) || date !== time.slice(0, 8)) {
    return mismatch('Date in Credential scope does not match the date of the request.')
  }
  if (now.getTime() - moment > ALLOWED_SKEW_MS) return mismatch(`Signature expired: ${time} is too old.`)
  if (moment - now.getTime() > ALLOWED_SKEW_MS)
    return mismatch(`Signature not yet current: ${time} is too new.`)
  const bodyHash = hash('sha256', request.body, 'hex')
  const claimedHash = request.headers['x-amz-content-sha256']
  const isWhole = claimedHash === undefined || claimedHash === bodyHash
  if (!isWhole || !coversWhatItMust(request, parts.signedHeaders)) return mismatch(wrongSignature)
  const expected = sign(
    account.secretKey,
    parts.scope,
    time,
    canonicalRequest(request, parts.signedHeaders, bodyHash),
  )
  return timingSafeEqual(Buffer.from(parts.signature, 'hex'), expected) ? account : mismatch(wrongSignature)
}

/** Exported for the published vectors. */
export function canonicalRequest(
  request: Pick<WireRequest, 'method' | 'path' | 'query' | 'rawHeaders'>,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const headers = signedHeaders.map((name) => `${name}:${valuesOf(request.rawHeaders, name).join(',')}\n`)
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n')
}

/** The signature of a canonical request. Exported for the published vectors. */
export function sign(secretKey: string, scope: readonly string[], time: string, canonical: string): Buffer {
  const [, date, region, service, terminator] = scope
  const key = [date!, region!, service!, terminator!].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${secretKey}`,
  )
  const text = ['AWS4-HMAC-SHA256', time, scope.slice(1).join('/'), hash('sha256', canonical, 'hex')].join(
    '\n',
  )
  return createHmac('sha256', key).update(text).digest()
}

function parseAuthorization(header: string) {
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^\s,]+)\s*,\s*SignedHeaders=([^\s,]+)\s*,\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    )
  const scope = match?.[1]!.split('/')
  if (scope?.length !== 5) return undefined
  return { scope, signedHeaders: match![2]!.split(';'), signature: match![3]! }
}

/** `host` and every `x-amz-` header must be under the signature, or a stranger could change them. */
function coversWhatItMust(request: WireRequest, signedHeaders: readonly string[]): boolean {
  return Object.keys(request.headers).every(
    (name) => (name !== 'host' && !name.startsWith('x-amz-')) || signedHeaders.includes(name),
  )
}

function isTokenOf(account: AwsAccount, token: string | string[] | undefined): boolean {
  if (account.sessionToken === undefined) return token === undefined
  return typeof token === 'string' && isSameSecret(token, account.sessionToken)
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .sort()
    .join('&')
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === name)
      values.push(rawHeaders[index + 1]!.trim().replace(/ +/g, ' '))
  }
  return values
}

/** @param time `20150830T123600Z` */
function parseTime(time: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time)
  return match
    ? Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`)
    : Number.NaN
}

const wrongSignature =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

function mismatch(message: string): AwsError {
  return refusal('SignatureDoesNotMatch', message)
}

function refusal(code: string, message: string, status = 403): AwsError {
  return { code, message, status }
}
