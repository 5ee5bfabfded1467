import type { SendFailure } from '../../../nodes/services/sms/provider.ts'

type About = SendFailure['about']

/** Codes that mean "not now" although the HTTP status is not 429: full queues and senders over their limit. */
const throttled = new Set([14107, 20429, 21611, 30022, 30023, 30027, 63017, 63018, 63038])

const recipient = new Set([
  21211, 21214, 21217, 21219, 21408, 21608, 21610, 21612, 21614, 30003, 30004, 30005, 30006, 63024,
])
const content = new Set([21602, 21617, 21619, 21654, 21655, 21656, 21658, 30007, 30019])

/**
 * What a Twilio error code means for a message that was certainly not accepted.
 * @see Twilio "Error and warning dictionary" and the pages of the codes named here, read 2026-08
 */
export function readTwilioCode(code: number): { state: 'rejected' | 'throttled'; about: About } {
  if (throttled.has(code)) return { state: 'throttled', about: 'provider' }
  if (recipient.has(code)) return { state: 'rejected', about: 'recipient' }
  if (content.has(code)) return { state: 'rejected', about: 'content' }
  return { state: 'rejected', about: 'configuration' }
}
