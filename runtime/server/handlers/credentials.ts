import type { FastifyRequest } from 'fastify'
import type { OwnCredentials } from '../../../nodes/api/credentials.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import type { Access } from '../access.ts'
import { ownerOf } from '../door.ts'
import type { Door } from '../door.ts'
import type { Handlers } from '../handler.ts'
import type { RequestAudit } from '../request-audit.ts'

/** Signing in by a password, and the own password. */
export function credentialHandlers(runtime: Runtime, access: Access, audit: RequestAudit, door: Door) {
  const { passwords, directory } = runtime

  /** The start link and the access token prove more than a password: who came by them and forgot it sets another. */
  const asksPresent = (request: FastifyRequest): boolean => {
    const owner = ownerOf(request)
    const isByToken = owner === null && access.session(request)?.way === 'token'
    return !isByToken && passwords.find(owner) !== undefined
  }
  const provePresent = async (request: FastifyRequest, present: string | undefined): Promise<void> => {
    if (!asksPresent(request)) return
    const owner = ownerOf(request)
    await passwords.provePresent(owner, present).catch((error: unknown) => {
      audit.refuseOwn(request, { field: 'password' })
      throw error
    })
  }
  const describeOwn = (request: FastifyRequest): OwnCredentials => {
    const owner = ownerOf(request)
    const password = passwords.find(owner)
    const member = owner === null ? undefined : directory.memberStore.byIds([owner])[0]
    return {
      password: password ? { name: password.name, changed: new Date(password.changed).toISOString() } : null,
      suggestedName: member?.name ?? '',
      asksPresent: asksPresent(request),
    }
  }

  return {
    async signInByPassword({ body, request, reply }) {
      const shown = { ...body, address: request.ip, browser: access.browserToken(request) }
      const owner = await passwords
        .check(shown, (each) => door.isLetIn(each))
        .catch((error: unknown) => {
          if (isWrong(error)) {
            const member = passwords.ownerNamed(body.name)
            audit.refuseSignIn(request, 'password', typeof member === 'string' ? { member } : {})
          }
          throw error
        })
      return door.letIn(request, reply, owner, 'password')
    },

    ownCredentials: ({ request }) => describeOwn(request),
    async setOwnPassword({ body, request, reply }) {
      const owner = ownerOf(request)
      await provePresent(request, body.present)
      const ready = await passwords.prepare(owner, body.name, body.password)
      audit.note(request, { field: 'password' }, () => {
        passwords.put(ready)
        door.renew(request, reply, owner)
      })
      return describeOwn(request)
    },
    async removeOwnPassword({ body, request, reply }) {
      const owner = ownerOf(request)
      await provePresent(request, body.present)
      audit.note(request, { field: 'password', removed: true }, () => {
        passwords.remove(owner)
        door.renew(request, reply, owner)
      })
      return describeOwn(request)
    },
    removePassword: ({ params }) => passwords.remove(params.member),
  } satisfies Partial<Handlers>
}

function isWrong(error: unknown): boolean {
  return error instanceof FlowError && error.code === ErrorCode.PasswordWrong
}
