import { defineExecutor } from '../execution.ts'
import { waitForDelivery } from './definition.ts'
import type { DeliveryCounts } from './definition.ts'

export const waitForDeliveryExecutor = defineExecutor(waitForDelivery, async (params, context) => {
  context.recordInput({ ...(params.step !== undefined && { step: params.step }), minutes: params.minutes })
  const counts = await context.awaitDeliveries({ step: params.step, milliseconds: params.minutes * 60_000 })
  return { port: portFor(counts), result: { counts } }
})

/** `delivered`: every text reached its phone. `failed`: one did not, or there was none. Otherwise time is up. */
export function portFor({ delivered, undelivered, waiting }: DeliveryCounts) {
  if (undelivered > 0 || delivered + waiting === 0) return 'failed'
  return waiting > 0 ? 'no-receipt' : 'delivered'
}
