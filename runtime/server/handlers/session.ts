import type { Runtime } from '../../runtime.ts'
import { version } from '../../version.ts'
import type { Access } from '../access.ts'
import { describeAccount } from '../describe-account.ts'
import { sessionName } from '../author.ts'
import type { Handlers } from '../handler.ts'

export function sessionHandlers(runtime: Runtime, access: Access) {
  return {
    health: ({ request }) => ({
      status: 'ok',
      ...(runtime.diskReserve.isLow && access.knows(request) && { disk: 'low' }),
    }),
    openSession({ body, request, reply }) {
      void reply.header('set-cookie', access.signIn(body.token, request))
    },
    session({ request }) {
      const token = request.caller === 'page' ? access.sessionToken(request) : undefined
      const name = token === undefined ? {} : { session: sessionName(token) }
      const { role, member } = describeAccount(runtime, request)
      return { version, sandbox: runtime.sandbox !== null, ...name, role, member }
    },
    closeSession({ request, reply }) {
      void reply.header('set-cookie', access.signOut(request))
    },
  } satisfies Partial<Handlers>
}
