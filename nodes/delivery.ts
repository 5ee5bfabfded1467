import { deliveryStates } from './messages.ts'
import type { DeliveryState } from './messages.ts'

/** What all receipts of one message have proved together. */
export interface Delivery {
  delivery?: DeliveryState | undefined
  /** The provider's code, where a receipt told of a failure. */
  deliveryCode?: string | undefined
  /** One receipt said delivered, another failed. */
  deliveryConflict?: boolean | undefined
}

/** Ends and what comes before them, by how much they weigh: a message that reached its phone once did reach it. */
const weight: Record<DeliveryState, number> = { queued: 0, sent: 1, failed: 2, undelivered: 3, delivered: 4 }
const isFailure = (state: DeliveryState | undefined) => state === 'failed' || state === 'undelivered'

/** True where no receipt is expected to change it any more. */
export function isDeliveryEnd(state: DeliveryState | undefined): boolean {
  return state !== undefined && weight[state] > weight.sent
}

/**
 * Adds what one receipt says. The result is the same in whatever order receipts come, and however often: the heavier
 * state stays, and of several codes of failure the last one in order of text.
 */
export function addReceipt(
  known: Delivery,
  receipt: { delivery?: DeliveryState | undefined; code?: string | undefined },
): Delivery {
  const { delivery, code } = receipt
  if (delivery === undefined) return known
  const before = known.delivery
  const isConflict =
    (before === 'delivered' && isFailure(delivery)) || (isFailure(before) && delivery === 'delivered')
  const codes = [known.deliveryCode, isFailure(delivery) ? code : undefined].filter(
    (each) => each !== undefined,
  )
  return {
    delivery: before === undefined || weight[delivery] > weight[before] ? delivery : before,
    deliveryCode: codes.sort().at(-1),
    deliveryConflict: known.deliveryConflict || isConflict || undefined,
  }
}

/** Any word that names a delivery state, for example of a stored row. */
export function isDeliveryState(word: string): word is DeliveryState {
  return (deliveryStates as readonly string[]).includes(word)
}
