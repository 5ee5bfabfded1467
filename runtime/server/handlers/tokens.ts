import type { FastifyRequest } from 'fastify'
import type { Runtime } from '../../runtime.ts'
import { describeAccount } from '../describe-account.ts'
import type { Handlers } from '../handler.ts'

export function tokenHandlers(runtime: Runtime) {
  const { apiTokens } = runtime.accounts
  const roleOf = (request: FastifyRequest) => describeAccount(runtime, request).role
  /** Undefined: administrators see and revoke those of everybody. */
  const ownerFor = (request: FastifyRequest) =>
    roleOf(request) === 'administrator' ? undefined : request.member

  return {
    listApiTokens: ({ request }) => apiTokens.list(ownerFor(request)),
    createApiToken: ({ body, request }) =>
      apiTokens.create(body, { member: request.member, role: roleOf(request) }),
    revokeApiToken: ({ params, request }) => apiTokens.revoke(params.id, ownerFor(request)),
  } satisfies Partial<Handlers>
}
