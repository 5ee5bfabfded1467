import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Route } from '../../nodes/api/route.ts'
import { rights } from '../../nodes/api/rights.ts'
import { routes } from '../../nodes/api/routes.ts'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { fieldProblems } from '../../nodes/field-problems.ts'
import type { GoodToken } from '../accounts/api-tokens.ts'
import type { Access, Caller } from './access.ts'
import type { RequestAudit } from './request-audit.ts'
import type { EventStreams } from './event-stream.ts'
import type { Download, Handlers } from './handler.ts'
import { checkBodyType, DEFAULT_BODY_LIMIT } from './read-body.ts'
import { SCIM_TYPE } from './scim-errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
    /** Of the signed-in member; null: nobody, a program, or whoever came in by the start link. */
    member: string | null
    /** By which a program asks, unless it is the access token. */
    token: GoodToken | null
  }
}

/** Puts every declared route on the server: who may call, what it takes, which handler answers. */
export function registerRoutes(
  server: FastifyInstance,
  handlers: Handlers,
  access: Access,
  streams: EventStreams,
  audit: RequestAudit,
): void {
  server.decorateRequest('caller', 'nobody')
  server.decorateRequest('member', null)
  server.decorateRequest('token', null)
  for (const [name, route] of Object.entries(routes) as [keyof Handlers, Route][]) {
    const handler = audit.around(name, handlers[name]) as (request: object) => unknown
    server.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      bodyLimit: route.bodyLimit ?? DEFAULT_BODY_LIMIT,
      // identity providers come from outside as SMS providers do
      config: {
        fromProvider: route.fromProvider === true || route.protocol === 'scim',
        isRaw: route.bodyType === 'raw',
      },
      onRequest(request, _reply, done) {
        if (route.protocol === 'scim') request.caller = access.identifyProvider(request)
        else if (!route.open) {
          const asker = access.identify(request)
          access.expectRight(asker, rights[name], (request.params as { member?: string }).member)
          request.caller = asker.caller
          request.member = asker.member
          request.token = asker.token ?? null
        }
        checkBodyType(route, request)
        done()
      },
      handler: routeHandler(route, handler, streams),
    })
  }
}

function routeHandler(route: Route, handler: (request: object) => unknown, streams: EventStreams) {
  if (route.stream) return streamHandler(route, handler, streams)
  if (route.download) return downloadHandler(route, handler)
  return answerHandler(route, handler)
}

/** Most requests have no query: its defaults are worked out once. */
function queryReader(route: Route): (query: unknown) => unknown {
  const schema = route.query
  if (!schema) return () => undefined
  const defaults = schema.safeParse({})
  return (query) => {
    const isEmpty = Object.keys(query as object).length === 0
    return isEmpty && defaults.success
      ? defaults.data
      : parseFields(schema, query, 'The query of the address is not right')
  }
}

function answerHandler(route: Route, handler: (request: object) => unknown) {
  const readQuery = queryReader(route)
  const status = route.status ?? (route.response === null ? 204 : 200)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (status !== 200) reply.code(status)
    if (route.protocol === 'scim') void reply.type(SCIM_TYPE)
    if (route.text) void reply.type(route.text)
    const answer = await handler(checked(route, readQuery, request, reply))
    return route.response === null ? undefined : answer
  }
}

function streamHandler(route: Route, handler: (request: object) => unknown, streams: EventStreams) {
  const readQuery = queryReader(route)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const stream = streams.open(reply)
    try {
      await handler({ ...checked(route, readQuery, request, reply), stream })
      stream.start()
    } catch (error) {
      stream.end()
      throw error
    }
    return reply
  }
}

/** Where making it fails midway the connection breaks, so that nobody takes half a file for a whole one. */
function downloadHandler(route: Route, handler: (request: object) => unknown) {
  const readQuery = queryReader(route)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { name, parts } = (await handler(checked(route, readQuery, request, reply))) as Download
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(parts, { objectMode: false }))
  }
}

function checked(
  route: Route,
  readQuery: (query: unknown) => unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  return {
    params: route.params && parseParams(route.params, request.params),
    query: readQuery(request.query),
    body: route.body && parseFields(route.body, request.body, 'Some fields are missing or wrong'),
    caller: request.caller,
    request,
    reply,
  }
}

/** An address that cannot exist is not found, like one that does not exist. */
function parseParams(schema: z.ZodType, params: unknown): unknown {
  const parsed = schema.safeParse(params)
  if (parsed.success) return parsed.data
  throw new FlowError(ErrorCode.NotFound, 'There is nothing at this address')
}

function parseFields(schema: z.ZodType, value: unknown, message: string): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new FieldsError(ErrorCode.BodyInvalid, message, fieldProblems(parsed.error, value))
}
