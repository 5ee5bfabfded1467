import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function functionHandlers({ functions }: Runtime) {
  return {
    listFunctions: () => functions.list(),
    createFunction: ({ body }) => functions.create(body),
    getFunction: ({ params }) => functions.get(params.name),
    saveFunction: ({ params, body }) => functions.save(params.name, body),
    saveDraft: ({ params, body }) => functions.saveDraft(params.name, body),
    dropDraft: ({ params }) => functions.dropDraft(params.name),
    deleteFunction: ({ params }) => functions.delete(params.name),
  } satisfies Partial<Handlers>
}
