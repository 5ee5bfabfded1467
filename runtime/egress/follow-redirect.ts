import { TransportError } from '../providers/sms/transport-error.ts'
import type { EgressRequest } from './egress-client.ts'
import type { RawAnswer } from './exchange.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * The request that an answer asks for instead; nothing where it is no redirect. Only to the same host: whatever the
 * request carries was meant for that one.
 * @throws TransportError `REDIRECT_REFUSED`
 * @see RFC 9110, 15.4
 */
export function followRedirect(request: EgressRequest, answer: RawAnswer): EgressRequest | undefined {
  const location = answer.headers['location']
  if (!REDIRECTS.has(answer.status) || location === undefined) return undefined
  const url = URL.parse(location, request.url.href)
  if (!url || !isSameHost(request.url, url)) throw new TransportError('REDIRECT_REFUSED', { sent: true })
  url.hash = ''
  if (!becomesGet(request.method, answer.status)) return { ...request, url }
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !name.toLowerCase().startsWith('content-')),
  )
  return { ...request, url, headers, method: 'GET', body: undefined }
}

function isSameHost(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '' || to.hostname !== from.hostname) return false
  if (to.protocol === from.protocol) return to.port === from.port
  return from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === ''
}

/** After a POST, 301 and 302 lead to a GET: so do all browsers. */
function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return method === 'POST' && (status === 301 || status === 302)
}
