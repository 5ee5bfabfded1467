import { ErrorCode } from './errors.ts'
import type { MessageReport } from './messages.ts'

/**
 * True where a message may be sent again by hand: it certainly was not taken, and what kept it from that may be over.
 * An accepted one never may, nor one whose number or text is at fault. An unknown one only may after its own question.
 */
export function mayBeRetried({
  state,
  reason,
  error,
}: Pick<MessageReport, 'state' | 'reason' | 'error'>): boolean {
  switch (state) {
    case 'expired':
      return true
    case 'suppressed':
      return reason === 'daily-cap' || reason === 'quiet-hours'
    case 'rejected':
      return (
        error?.code !== ErrorCode.SmsRejected || (error.about !== 'recipient' && error.about !== 'content')
      )
    case 'planned':
    case 'dispatching':
    case 'retry-wait':
    case 'accepted':
    case 'unknown':
    case 'cancelled':
      return false
  }
}
