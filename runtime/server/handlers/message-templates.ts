import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function messageTemplateHandlers({ templates }: Runtime) {
  return {
    listMessageTemplates: () => templates.list(),
    createMessageTemplate: ({ body }) => templates.create(body),
    getMessageTemplate: ({ params }) => templates.get(params.id),
    updateMessageTemplate: ({ params, body }) => templates.update(params.id, body),
    deleteMessageTemplate: ({ params }) => templates.delete(params.id),
    messageTemplateUsage({ params }) {
      templates.get(params.id)
      return templates.usage(params.id)
    },
  } satisfies Partial<Handlers>
}
