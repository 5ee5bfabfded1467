import { defineExecutor } from '../execution.ts'
import { selectReaders } from '../message-notification/prepare.ts'
import { settledSms } from './ask.ts'
import { approval } from './definition.ts'

export const approvalExecutor = defineExecutor(approval, async (params, context) => {
  const { recipients: _, lateRecipients, ...rules } = params
  const result = await context.askForDecision(async () => ({
    rules,
    people: await selectReaders(params, context),
    latePeople:
      params.late === 'transfer' ? await selectReaders({ recipients: lateRecipients ?? [] }, context) : [],
    sms: settledSms(params, (value) => context.evaluate(value)),
  }))
  // another run goes on where it was returned to
  if (result.outcome === 'returned') return { port: null }
  return { port: result.outcome, result }
})
