import type { FastifyRequest } from 'fastify'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import type { Access } from '../access.ts'
import { describeAccount } from '../describe-account.ts'
import { ownerOf } from '../door.ts'
import type { Door } from '../door.ts'
import type { Handlers } from '../handler.ts'
import type { RequestAudit } from '../request-audit.ts'

export function accountHandlers(runtime: Runtime, access: Access, audit: RequestAudit, door: Door) {
  const { accounts, signIn, loginMethods, codes, directory, passwords, passkeys } = runtime
  const { sessions } = accounts

  const describeOwn = (request: FastifyRequest) => describeAccount(runtime, request)

  return {
    signInOptions: () => ({
      methods: signIn.options(),
      country: directory.organisation.current.country,
      password: passwords.areUsed,
      passkeys: passkeys.areUsed,
    }),
    askForCode: ({ body, request }) => signIn.ask(body, request.ip),
    async checkCode({ body, request, reply }) {
      const phone = codes.maskedPhone(body.challenge)
      const answer = await signIn.check(body.challenge, body.code).catch((error: unknown) => {
        if (phone !== undefined) audit.refuseSignIn(request, 'code', { phone })
        throw error
      })
      return 'member' in answer ? door.letIn(request, reply, answer.member.id, 'code') : answer
    },
    async chooseAccount({ body, request, reply }) {
      const { id } = await signIn.choose(body.ticket, body.member)
      return door.letIn(request, reply, id, 'code')
    },
    async registerAccount({ body, request, reply }) {
      const { id } = await signIn.register(body.ticket, body.name)
      return door.letIn(request, reply, id, 'code', 'registration')
    },

    ownAccount: ({ request }) => describeOwn(request),
    ownSessions({ request }) {
      const current = access.session(request)
      return sessions.of(ownerOf(request)).map(({ id, device, created }) => ({
        ...{ id, device, since: new Date(created).toISOString() },
        current: id === current?.id,
      }))
    },
    endOwnSession({ params, request }) {
      if (sessions.end(ownerOf(request), ({ id }) => id === params.id) > 0) return
      throw new FlowError(ErrorCode.NotFound, 'There is no such session')
    },
    proveOwnPhone: ({ body, request }) => signIn.proveOwn(memberOf(request), body.method, request.ip),
    checkOwnPhone: ({ body, request }) => ({
      ticket: signIn.checkOwn(memberOf(request), body.challenge, body.code),
    }),
    askForNewPhone: ({ body, request }) => signIn.askForNew(memberOf(request), body, request.ip),
    changePhone({ body, request, reply }) {
      const { id } = signIn.change(memberOf(request), body.challenge, body.code)
      door.renew(request, reply, id)
      return describeOwn(request)
    },
    removePhone({ body, request, reply }) {
      const { id } = signIn.remove(memberOf(request), body.ticket)
      door.renew(request, reply, id)
      return describeOwn(request)
    },

    listLoginMethods: () => loginMethods.list(),
    createLoginMethod: ({ body }) => loginMethods.create(body),
    getLoginMethod: ({ params }) => loginMethods.get(params.id),
    updateLoginMethod: ({ params, body }) => loginMethods.update(params.id, body),
    deleteLoginMethod: ({ params }) => loginMethods.delete(params.id),
    loginMethodSummary: ({ params }) => codes.summary(loginMethods.get(params.id).id),

    listAccounts: () => accounts.list(),
    setAccountRole: ({ params, body }) => accounts.setRole(params.member, body.role),
    endSessions({ params }) {
      sessions.end(params.member)
    },
  } satisfies Partial<Handlers>
}

/** @throws FlowError `FORBIDDEN` for whoever came in by the start link or a token */
function memberOf({ member }: FastifyRequest): string {
  if (member !== null) return member
  throw new FlowError(ErrorCode.Forbidden, 'Only a member who signed in has an account of their own', {
    hint: 'Sign in by a code on the phone.',
  })
}
