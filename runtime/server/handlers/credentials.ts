import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { FastifyRequest } from 'fastify'
import type { OwnCredentials } from '../../../nodes/api/credentials.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Owner } from '../../login/passwords.ts'
import type { Runtime } from '../../runtime.ts'
import type { Access } from '../access.ts'
import { ownerOf } from '../door.ts'
import type { Door } from '../door.ts'
import type { Handlers } from '../handler.ts'
import type { RequestAudit } from '../request-audit.ts'

/** Signing in by a password with a code of an app, or by a passkey, and what of these belongs to the own account. */
export function credentialHandlers(runtime: Runtime, access: Access, audit: RequestAudit, door: Door) {
  const { passwords, secondFactors, passkeys, directory } = runtime

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
    const factor = secondFactors.find(owner)
    const member = owner === null ? undefined : directory.memberStore.byIds([owner])[0]
    return {
      password: password ? { name: password.name, changed: new Date(password.changed).toISOString() } : null,
      secondFactor: factor ? { ...factor, since: new Date(factor.since).toISOString() } : null,
      passkeys: passkeys.list(owner),
      suggestedName: member?.name ?? '',
      asksPresent: asksPresent(request),
    }
  }

  /** Writes down that a code of the app was wrong; invented tickets leave nothing. */
  const refusedAs = <T>(request: FastifyRequest, check: () => T, owner: Owner | undefined): T => {
    try {
      return check()
    } catch (error) {
      const isWrongCode = error instanceof FlowError && error.code === ErrorCode.CodeWrong
      if (isWrongCode && owner !== undefined) {
        audit.refuseSignIn(request, 'password and app', owner === null ? {} : { member: owner })
      }
      throw error
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
      if (!secondFactors.find(owner)) return door.letIn(request, reply, owner, 'password')
      return { state: 'second-factor', ticket: secondFactors.ticket(owner) }
    },
    signInBySecondFactor({ body, request, reply }) {
      const asked = secondFactors.ownerOf(body.ticket)
      const isKnown = asked !== undefined && passwords.knowsBrowser(asked, access.browserToken(request))
      const { owner, way } = refusedAs(
        request,
        () => secondFactors.check(body.ticket, body.code, isKnown, (each) => door.isLetIn(each)),
        asked,
      )
      return door.letIn(request, reply, owner, 'password', `password and ${way}`)
    },

    beginPasskeySignIn: async ({ request }) => ({ ...(await passkeys.beginSignIn(originOf(request))) }),
    async signInByPasskey({ body, request, reply }) {
      const response = body.response as unknown as AuthenticationResponseJSON
      const owner = await passkeys
        .check(response, originOf(request), (each) => door.isLetIn(each))
        .catch((error: unknown) => {
          const shown = passkeys.ownerShown(response.id)
          if (shown !== undefined) {
            audit.refuseSignIn(request, 'passkey', shown === null ? {} : { member: shown })
          }
          throw error
        })
      return door.letIn(request, reply, owner, 'passkey')
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
    async beginSecondFactor({ body, request }) {
      const owner = ownerOf(request)
      const password = passwords.find(owner)
      if (!password) throw noPassword()
      await provePresent(request, body.present)
      return secondFactors.begin(owner, password.name)
    },
    confirmSecondFactor({ body, request, reply }) {
      const owner = ownerOf(request)
      const recoveryCodes = secondFactors.confirm(owner, body.code, () => {
        audit.noteNow(request, { field: 'second factor' })
        door.renew(request, reply, owner)
      })
      return { recoveryCodes }
    },
    async removeOwnSecondFactor({ body, request }) {
      await provePresent(request, body.present)
      const owner = ownerOf(request)
      audit.note(request, { field: 'second factor', removed: true }, () => secondFactors.remove(owner))
      return describeOwn(request)
    },
    async beginPasskey({ body, request }) {
      await provePresent(request, body.present)
      const owner = ownerOf(request)
      const name = passwords.find(owner)?.name ?? door.nameOf(owner)
      return { ...(await passkeys.beginAdding(owner, name, originOf(request))) }
    },
    async addPasskey({ body, request }) {
      const response = body.response as unknown as RegistrationResponseJSON
      const made = { name: body.name, response, origin: originOf(request) }
      await passkeys.add(ownerOf(request), made, () => audit.noteNow(request, { field: 'passkey' }))
      return describeOwn(request)
    },
    renamePasskey({ params, body, request }) {
      passkeys.rename(ownerOf(request), params.id, body.name)
      return describeOwn(request)
    },
    removePasskey({ params, request }) {
      passkeys.remove(ownerOf(request), params.id)
      return describeOwn(request)
    },
    removePasskeys: ({ params }) => passkeys.removeAll(params.member),
    removeSecondFactor: ({ params }) => secondFactors.remove(params.member),
    removePassword: ({ params }) => passwords.remove(params.member),
  } satisfies Partial<Handlers>
}

/** Of the page that asks, whose host was checked already. @throws FlowError `FORBIDDEN` where no page asks */
function originOf({ headers }: FastifyRequest): string {
  if (headers.origin !== undefined && URL.canParse(headers.origin)) return headers.origin
  throw new FlowError(ErrorCode.Forbidden, 'Passkeys are used by the page of this server', {
    hint: 'Open the page in a browser.',
  })
}

function noPassword(): FlowError {
  return new FlowError(
    ErrorCode.Conflict,
    'Codes of an app are asked for after a password, and there is none',
    {
      hint: 'Set a password first.',
    },
  )
}

function isWrong(error: unknown): boolean {
  return error instanceof FlowError && error.code === ErrorCode.PasswordWrong
}
