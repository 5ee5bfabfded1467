import type { MessageEvent } from '../../nodes/api/messages.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { ReceiptRow } from '../ledger/deliveries.ts'
import type { AttemptRow, MessageRow } from '../ledger/ledger.ts'

/** Everything that is known of one message, oldest first. */
export function messageHistory(
  message: MessageRow,
  attempts: readonly AttemptRow[],
  receipts: readonly ReceiptRow[],
): MessageEvent[] {
  const events: MessageEvent[] = [
    { kind: 'planned', at: iso(message.created) },
    ...attempts.map(describeAttempt),
    ...acceptedAttempt(message, attempts, receipts),
    ...receipts.map(describeReceipt),
    ...standing(message, attempts, receipts),
  ]
  // Sorting keeps the order of what happened in the same millisecond.
  return events.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

function describeAttempt({ attempt, started, finished, outcome, evidence }: AttemptRow): MessageEvent {
  const code = evidence['providerCode']
  return {
    kind: 'attempt',
    at: iso(finished),
    started: iso(started),
    attempt,
    outcome,
    ...(typeof code === 'string' && { providerCode: code }),
    evidence,
  }
}

/**
 * An accepted attempt has no row of its own: its evidence is in the message. Its time is the message's last change,
 * until a receipt changes the message; then it is known only that it was before the first of them.
 */
function acceptedAttempt(
  message: MessageRow,
  attempts: readonly AttemptRow[],
  receipts: readonly ReceiptRow[],
): MessageEvent[] {
  const hasOwnRow = attempts.some(({ attempt }) => attempt === message.attempts)
  if (message.state !== 'accepted' || hasOwnRow) return []
  const first = receipts[0]?.at
  return [
    {
      kind: 'attempt',
      at: iso(Math.min(message.updated, first ?? Infinity)),
      ...(first !== undefined && { isLatest: true }),
      attempt: message.attempts,
      outcome: 'accepted',
      ...(message.providerId !== undefined && { providerId: message.providerId }),
    },
  ]
}

function describeReceipt(receipt: ReceiptRow): MessageEvent {
  const { at, source, status, code, proof, delivery, providerId, facts } = receipt
  return { kind: 'receipt', at: iso(at), source, status, code, proof, delivery, providerId, facts }
}

/** How the message stands, where no attempt and no receipt says it. */
function standing(
  message: MessageRow,
  attempts: readonly AttemptRow[],
  receipts: readonly ReceiptRow[],
): MessageEvent[] {
  const { state, updated, wakeAt } = message
  if (state === 'accepted') return []
  if (state === 'dispatching') return [{ kind: 'on-its-way', at: iso(updated), attempt: message.attempts }]
  if (!isSettled(state)) return wakeAt === undefined ? [] : [{ kind: 'waiting', at: iso(wakeAt) }]
  const isSaid = attempts.at(-1)?.outcome === state || receipts.some(({ proof }) => proof === 'not-sent')
  return isSaid ? [] : [{ kind: 'settled', at: iso(updated), state: state as SettledState }]
}

type SettledState = Extract<MessageEvent, { kind: 'settled' }>['state']
