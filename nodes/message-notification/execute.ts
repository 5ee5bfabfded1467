import { refuseTooMany } from '../directory/refuse-too-many.ts'
import { ErrorCode, FlowError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import { messageNotification } from './definition.ts'
import { prepareNotice, selectReaders } from './prepare.ts'

export const messageNotificationExecutor = defineExecutor(
  messageNotification,
  async (params, context) => {
    const report = await context.notify(async () => {
      const notice = prepareNotice(params, context)
      const people = await selectReaders(params, context)
      refuseTooMany(people, params.maxRecipients)
      return { notice, people }
    })
    if (report.counts.notified === 0) throw nobody(report.counts.selected)
    return { port: 'next', result: report }
  },
  { inDryRun: true },
)

function nobody(count: number): FlowError {
  return new FlowError(
    ErrorCode.NoRecipients,
    count === 0
      ? 'The recipients of this step name nobody'
      : `None of the ${count} selected people has an inbox`,
    {
      hint: 'Change the recipients or the directory.',
      params: { count },
    },
  )
}
