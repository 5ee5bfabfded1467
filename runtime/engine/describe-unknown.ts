import type { UnknownMessage } from '../../nodes/api/unknown-messages.ts'
import type { ListedUnknown } from '../ledger/deliveries.ts'
import { describeMessage } from './describe-run.ts'
import { presentForm } from './outgoing.ts'

/**
 * An unknown message as the page and HTTP show it.
 * @param sendsAgain whether its step waits to send it again by itself
 * @param toWall what the clock on the wall shows at a moment of the plan
 */
export function describeUnknown(
  { unknown, message, functionName }: ListedUnknown,
  sendsAgain: boolean,
  toWall: (time: number) => number,
): UnknownMessage {
  const { phase, since, due, tries, held } = unknown
  const { text, shown = '', templateCode, contentSid } = presentForm(message)
  const isPlanned = held === 'quiet-hours' || (sendsAgain && (phase === 'absent' || phase === 'final'))
  return {
    message: describeMessage(message),
    runId: message.runId,
    functionName,
    serviceId: message.serviceId,
    text: text ?? shown,
    ...(templateCode !== undefined && { templateCode }),
    ...(contentSid !== undefined && { contentSid }),
    since: new Date(since).toISOString(),
    phase,
    nextLookUp: phase === 'waiting' ? new Date(toWall(due)).toISOString() : null,
    lookUps: tries,
    ...(held !== undefined && { held }),
    sendsAgain,
    nextAttempt: isPlanned && due > 0 ? new Date(held === undefined ? toWall(due) : due).toISOString() : null,
  }
}
