import { settledSms } from '../approval/ask.ts'
import { defineExecutor } from '../execution.ts'
import { selectReaders } from '../message-notification/prepare.ts'
import { cc } from './definition.ts'

export const ccExecutor = defineExecutor(cc, async (params, context) => {
  const count = await context.copyTo(async () => ({
    people: await selectReaders(params, context),
    sms: settledSms(params, (value) => context.evaluate(value)),
  }))
  return { port: 'next', result: { count } }
})
