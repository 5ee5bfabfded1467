import type { SendOutcome } from '../../nodes/services/sms/provider.ts'

/**
 * True where another service may take a message over: this one certainly did not take it, and what kept it from that
 * lies with the service. A number that cannot be reached and a text that is refused are no better elsewhere, and what
 * may have been taken is sent by nobody again.
 * @param isLast no further attempt follows with this service
 */
export function mayFailOver(outcome: SendOutcome, isLast: boolean): boolean {
  switch (outcome.state) {
    case 'accepted':
    case 'unknown':
      return false
    case 'rejected':
    case 'throttled':
    case 'unreachable':
      return isLast && outcome.error.about !== 'recipient' && outcome.error.about !== 'content'
  }
}
