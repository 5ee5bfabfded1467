import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function secretHandlers({ secrets }: Runtime) {
  return {
    listSecrets: () => secrets.list(),
    createSecret: ({ body }) => secrets.create(body),
    replaceSecret: ({ params, body }) => secrets.replace(params.name, body),
    deleteSecret: ({ params }) => secrets.delete(params.name),
    secretUsage({ params }) {
      secrets.get(params.name)
      return secrets.usage(params.name)
    },
  } satisfies Partial<Handlers>
}
