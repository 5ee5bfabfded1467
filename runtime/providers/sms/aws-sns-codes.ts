import type { SendFailure } from '../../../nodes/services/sms/provider.ts'

type About = SendFailure['about']
interface Verdict {
  state: 'rejected' | 'throttled' | 'unknown'
  about: About
}

/** Not now; SNS says these with HTTP 400 as well as 429, so the code decides. */
const throttled = new Set([
  'Throttled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
])

/** The request was refused for its time stamp alone: signed again with a right clock it may pass. */
const clock = new Set(['RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture'])

/** SNS's own faults: it says nothing about whether the message went out. */
const unclear = new Set(['InternalError', 'InternalFailure', 'InternalServerError', 'ServiceUnavailable'])

/**
 * What an SNS error code means for the message.
 * @param message SNS's words; only they tell a bad number from another bad parameter
 * @see Amazon SNS "Publish", errors, and "Common errors", read 2026-08
 */
export function readSnsCode(code: string, status: number, message: string): Verdict {
  if (unclear.has(code) || status >= 500) return { state: 'unknown', about: 'provider' }
  if (throttled.has(code) || status === 429) return { state: 'throttled', about: 'provider' }
  if (clock.has(code)) return { state: 'throttled', about: 'configuration' }
  if (code === 'OptedOut' || code === 'OptedOutException') return { state: 'rejected', about: 'recipient' }
  if (/phone ?number|sandbox/i.test(message)) return { state: 'rejected', about: 'recipient' }
  if (/\bmessage\b(?! ?attribute)/i.test(message) && code.startsWith('InvalidParameter')) {
    return { state: 'rejected', about: 'content' }
  }
  return { state: 'rejected', about: 'configuration' }
}
