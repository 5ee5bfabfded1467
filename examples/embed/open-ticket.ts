import { defineNode, value } from 'sms-logic/nodes'
import { z } from 'zod'

/** Opens a ticket. Read by the page and by the server. */
export const openTicket = defineNode({
  type: 'open-ticket',
  version: 1,
  menu: ['tickets'],
  icon: 'ticket',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({
    subject: value.meta({ control: 'value' }),
    priority: z.int().min(1).max(3).meta({ control: 'priority' }),
  }),
  defaults: () => ({ subject: { kind: 'fixed' as const, value: 'Look at the pump' }, priority: 2 }),
  result: z.object({ number: z.number() }),
})
