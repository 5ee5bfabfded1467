import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function messageHandlers({ messages }: Runtime) {
  return {
    listMessages: ({ query }) => messages.find(query),
    countMessages: ({ query }) => messages.count(query),
    exportMessages: ({ query }) => ({ name: fileName(new Date()), parts: messages.export(query) }),
    async getMessage({ params }) {
      const found = await messages.get(params.id)
      if (found) return found
      throw new FlowError(ErrorCode.NotFound, 'There is no such message', {
        hint: 'Look it up in the list of messages.',
      })
    },
  } satisfies Partial<Handlers>
}

/** `messages-2026-03-09T120000Z.csv` */
function fileName(now: Date): string {
  return `messages-${now.toISOString().slice(0, 19).replaceAll(':', '')}Z.csv`
}
