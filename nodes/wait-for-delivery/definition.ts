import { z } from 'zod'
import { defineNode } from '../define.ts'
import type { CheckContext, Problem } from '../graph/problems.ts'
import { smsNotification } from '../sms-notification/definition.ts'

/** What receipts said of the texts of a step. */
export const deliveryCounts = z.object({
  delivered: z.int(),
  /** Given up on the way to the phone. */
  undelivered: z.int(),
  /** No receipt yet that ends the matter. */
  waiting: z.int(),
})
export type DeliveryCounts = z.infer<typeof deliveryCounts>

const params = z.strictObject({
  /** Id of an SMS step; left out: the last one before this step. */
  step: z.string().min(1).max(100).optional().meta({ control: 'sms-step' }),
  /** A week at most: no provider reports later. */
  minutes: z
    .number()
    .min(1 / 60)
    .max(7 * 24 * 60)
    .default(10)
    .meta({ control: 'number' }),
})

/** Service > Message Service > Wait for delivery: waits for what the provider reports of the texts of an SMS step. */
export const waitForDelivery = defineNode({
  type: 'wait-for-delivery',
  version: 1,
  menu: ['service', 'message-service'],
  icon: 'mail-check',
  input: 'in',
  outputs: ['delivered', 'failed', 'no-receipt'],
  params,
  defaults: () => ({ minutes: 10 }),
  result: z.object({ counts: deliveryCounts }),
  check: (values, context) => stepProblems(values.step, context),
})

function stepProblems(step: string | undefined, { graph, names, services }: CheckContext): Problem[] {
  const isEarlierSms = (id: string, type: string) => type === smsNotification.type && names.has(`nodes.${id}`)
  const earlier = graph.nodes.filter(({ id, type }) => isEarlierSms(id, type))
  const chosen = step === undefined ? earlier : earlier.filter(({ id }) => id === step)
  if (chosen.length === 0) return [{ severity: 'error', key: 'smsStepMissing', field: 'step' }]
  const hasReceipts = chosen.some(({ params }) => {
    const service = services?.find(({ id }) => id === params['service'])
    return service?.provider !== 'aws-sns'
  })
  return hasReceipts ? [] : [{ severity: 'warning', key: 'noReceipts', field: 'step' }]
}
