import type { SendFailure } from '../../../nodes/services/sms/provider.ts'

type About = SendFailure['about']
interface Verdict {
  state: 'rejected' | 'throttled' | 'unknown'
  about: About
  retryAfterMs?: number | undefined
}

const recipient = new Set([
  'isv.MOBILE_NUMBER_ILLEGAL',
  'isv.BLACK_KEY_CONTROL_LIMIT',
  'isv.CUSTOMER_REFUSED',
  'isv.SMS_TEST_NUMBER_LIMIT',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
])

const content = new Set([
  'isv.TEMPLATE_MISSING_PARAMETERS',
  'isv.TEMPLATE_PARAMS_ILLEGAL',
  'isv.INVALID_JSON_PARAM',
  'isv.PARAM_LENGTH_LIMIT',
  'isv.PARAM_NOT_SUPPORT_URL',
  'isv.SMS_CONTENT_ILLEGAL',
  'isv.UNSUPPORTED_CONTENT',
  'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE',
])

/**
 * The gateway has seen this very nonce. Ours names the message and the attempt, so an earlier copy of this attempt
 * reached it: whether that one was taken is what nobody can tell.
 */
const NONCE_USED = 'SignatureNonceUsed'

/**
 * What an Alibaba code means for the message.
 * @param message the vendor's words: only they tell which window a frequency rule counts in
 * @see Alibaba Cloud "SendSms" and "Error codes" of Dysmsapi 2017-05-25, read 2026-08
 */
export function readAlibabaCode(code: string, status: number, message: string, now: number): Verdict {
  if (status >= 500 || code === NONCE_USED) return { state: 'unknown', about: 'provider' }
  if (code === 'isp.RAM_PERMISSION_DENY') return { state: 'rejected', about: 'configuration' }
  if (code.startsWith('isp.') || code === 'InternalError' || code === 'ServiceUnavailable') {
    return { state: 'unknown', about: 'provider' }
  }
  if (code === 'Throttling' || code.startsWith('Throttling.') || status === 429) {
    return { state: 'throttled', about: 'provider' }
  }
  if (code === 'InvalidTimeStamp.Expired') return { state: 'throttled', about: 'configuration' }
  if (code === 'isv.BUSINESS_LIMIT_CONTROL') {
    return { state: 'throttled', about: 'recipient', retryAfterMs: untilWindowEnds(message, now) }
  }
  if (code === 'isv.DAY_LIMIT_CONTROL') {
    return { state: 'throttled', about: 'configuration', retryAfterMs: untilChinese(DAY_MS, now) }
  }
  // the console's cap for the month: no wait that a message outlives
  if (code === 'isv.MONTH_LIMIT_CONTROL') return { state: 'rejected', about: 'configuration' }
  if (recipient.has(code)) return { state: 'rejected', about: 'recipient' }
  if (content.has(code)) return { state: 'rejected', about: 'content' }
  return { state: 'rejected', about: 'configuration' }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Limits per recipient: by calendar minute and hour in China, or 24 hours from the first message. */
function untilWindowEnds(message: string, now: number): number | undefined {
  if (/minute|分钟/i.test(message)) return untilChinese(MINUTE_MS, now)
  if (/hour|小时/i.test(message)) return untilChinese(HOUR_MS, now)
  if (/day|天/i.test(message)) return DAY_MS
  return undefined
}

/** Milliseconds to the next full minute, hour or day in China (UTC+8 all year). */
function untilChinese(windowMs: number, now: number): number {
  return windowMs - ((now + 8 * HOUR_MS) % windowMs)
}
