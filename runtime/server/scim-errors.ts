import type { FastifyReply, FastifyRequest } from 'fastify'
import { ErrorCode } from '../../nodes/errors.ts'
import type { ProblemDocument } from '../../nodes/api/routes.ts'
import { ScimError } from '../scim/scim-error.ts'
import { securityHeaders } from './security-headers.ts'

export const SCIM_TYPE = 'application/scim+json; charset=utf-8'

export function isScim({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return url.startsWith('/scim/')
}

/** A refusal as identity providers read it. @see RFC 7644, section 3.12 */
export function answerScimError(error: unknown, problem: ProblemDocument, reply: FastifyReply): FastifyReply {
  const scimType =
    error instanceof ScimError
      ? error.scimType
      : problem.code === ErrorCode.BodyInvalid
        ? 'invalidSyntax'
        : undefined
  reply.headers(securityHeaders).code(problem.status).type(SCIM_TYPE)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.status === 429) reply.header('retry-after', problem.params?.seconds ?? 60)
  if (problem.status === 503) reply.header('retry-after', 1)
  return reply.send(
    JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(problem.status),
      ...(scimType && { scimType }),
      detail: problem.detail,
    }),
  )
}
