import type { Json } from '../../nodes/json.ts'
import { parseJsonText } from '../../nodes/json-scan.ts'
import { TransportError } from '../providers/sms/transport-error.ts'
import type { RawAnswer } from './exchange.ts'
import { scrubJson } from './scrub.ts'
import type { Scrub } from './scrub.ts'

/** Any size that has come this far. */
const JSON_LIMITS = { maxBytes: Number.MAX_SAFE_INTEGER, maxDepth: 64 }

const SAFE =
  /^(content-(type|length|language|disposition)|date|etag|last-modified|location|link|retry-after|age|expires)$/
const SAFE_EXTENSION =
  /^(x-(request|correlation|trace)-id|x-total(-count|-pages)?|x-page|x-per-page|x-next-page|(x-)?rate-?limit.*)$/

/** The headers that a graph gets to see: none that is a cookie, a challenge or of the connection. */
export function safeHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => SAFE.test(name) || SAFE_EXTENSION.test(name)),
  )
}

/**
 * What JSON holds, where the answer says that it is JSON; otherwise the text, in the character set that its type names,
 * or in UTF-8. Secrets are taken out.
 * @returns TransportError `ANSWER_UNREADABLE` where it says so and is not, or holds what no value may
 */
export function readBody(answer: RawAnswer, scrub: Scrub): Json | TransportError {
  const text = decodeText(answer)
  const isJson = /^application\/([\w.+-]+\+)?json\b/i.test(answer.headers['content-type'] ?? '')
  if (!isJson || text.trim() === '') return scrub(text)
  try {
    return scrubJson(parseJsonText(text, JSON_LIMITS) as Json, scrub)
  } catch {
    return new TransportError('ANSWER_UNREADABLE', { sent: true })
  }
}

function decodeText({ headers, body }: RawAnswer): string {
  const [, name] = /charset\s*=\s*"?([\w.:-]+)/i.exec(headers['content-type'] ?? '') ?? []
  try {
    return new TextDecoder(name ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** The beginning of an answer as an error quotes it. Secrets are taken out. */
export function quoteAnswer(answer: RawAnswer, scrub: Scrub): string {
  const body = readBody(answer, scrub)
  if (body instanceof TransportError) return excerpt(scrub(decodeText(answer)))
  return excerpt(typeof body === 'string' ? body : JSON.stringify(body))
}

const LONGEST_EXCERPT = 200

/** One line, and nothing that could be a phone number. */
function excerpt(text: string): string {
  const line = text
    .slice(0, 10 * LONGEST_EXCERPT)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\+?\d(?:[\s().-]?\d){6,}/g, '****')
    .trim()
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}…` : line
}
