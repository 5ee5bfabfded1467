import { isSettled, messageStates } from '../../../nodes/messages.ts'
import type { MessageState } from '../../../nodes/messages.ts'
import type { MessageTotals } from '../../../nodes/api/messages.ts'
import { messageLooks } from '../function/run-texts.ts'

/** What people tell messages apart by: the states, those that are not settled as one. Their counts add up to all. */
export type MessageGroup = Exclude<keyof MessageTotals, 'planned'>
export const messageGroups = [
  'accepted',
  'rejected',
  'unknown',
  'suppressed',
  'cancelled',
  'expired',
  'open',
] as const satisfies readonly MessageGroup[]

export const groupOf = (state: MessageState): MessageGroup =>
  isSettled(state) ? (state as MessageGroup) : 'open'

export function statesOf(groups: readonly MessageGroup[]): MessageState[] {
  return messageStates.filter((state) => groups.includes(groupOf(state)))
}

export const groupLooks = (group: MessageGroup) => messageLooks[group === 'open' ? 'dispatching' : group]
