import type { Runtime } from '../../runtime.ts'
import { version } from '../../version.ts'
import type { Access } from '../access.ts'
import type { Handlers } from '../handler.ts'

export function sessionHandlers(runtime: Runtime, access: Access) {
  return {
    health: () => ({ status: 'ok' }),
    openSession({ body, request, reply }) {
      void reply.header('set-cookie', access.signIn(body.token, request))
    },
    session: () => ({ version, sandbox: runtime.sandbox !== null }),
    closeSession({ request, reply }) {
      void reply.header('set-cookie', access.signOut(request))
    },
  } satisfies Partial<Handlers>
}
