import { defineExecutor } from 'sms-logic'
import { openTicket } from './open-ticket.ts'

/** Stands for the product's own tickets. */
const tickets: { subject: string; priority: number }[] = []

export const openTicketExecutor = defineExecutor(openTicket, (params, context) => {
  const subject = String(context.evaluate(params.subject))
  const number = tickets.push({ subject, priority: params.priority })
  return { port: 'next', result: { number } }
})
