import type { UnknownMessage } from '../../nodes/api/unknown-messages.ts'
import type { ListedUnknown } from '../ledger/deliveries.ts'
import { describeMessage } from './describe-run.ts'

/** An unknown message as the page and HTTP show it. */
export function describeUnknown({ unknown, message, functionName }: ListedUnknown): UnknownMessage {
  const { phase, since, due, tries, held } = unknown
  const { text = '', templateCode } = message.body
  return {
    message: describeMessage(message),
    runId: message.runId,
    functionName,
    serviceId: message.serviceId,
    text,
    ...(templateCode !== undefined && { templateCode }),
    since: new Date(since).toISOString(),
    phase,
    nextLookUp: phase === 'waiting' ? new Date(due).toISOString() : null,
    lookUps: tries,
    ...(held !== undefined && { held }),
    nextAttempt: held === 'quiet-hours' && due > 0 ? new Date(due).toISOString() : null,
  }
}
