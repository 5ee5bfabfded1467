import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import { version } from '../../version.ts'
import type { Access } from '../access.ts'
import { describeAccount } from '../describe-account.ts'
import { sessionName } from '../author.ts'
import type { Handlers } from '../handler.ts'
import type { RequestAudit } from '../request-audit.ts'

export function sessionHandlers(runtime: Runtime, access: Access, audit: RequestAudit) {
  return {
    health({ request }) {
      const { lack } = runtime.diskReserve
      return { status: 'ok', ...(lack && access.knows(request) && { disk: 'low', ...lack }) }
    },
    openSession({ body, request, reply }) {
      if (!access.takesToken(body.token, request)) {
        audit.refuseSignIn(request, 'token')
        throw linkRefused()
      }
      const cookie = audit.signIn(request, null, 'token', () => access.open(null, request, 'token'))
      void reply.header('set-cookie', cookie)
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

function linkRefused(): FlowError {
  return new FlowError(
    ErrorCode.NotSignedIn,
    'This link or token is not valid, or the link was used before',
    {
      hint: 'Start the server again and open the link it prints, or use the access token.',
    },
  )
}
