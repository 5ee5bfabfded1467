import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Route } from '../../nodes/api/route.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { GRAPH_LIMITS } from '../../nodes/graph/schema.ts'
import { checkJsonText } from '../../nodes/json-scan.ts'
import { isScim } from './scim-errors.ts'

export const DEFAULT_BODY_LIMIT = 1024 * 1024
/** A graph stands one level deep in its request. */
const MAX_DEPTH = GRAPH_LIMITS.depth + 1

const types = {
  json: /^application\/json(; ?charset=utf-8)?$/i,
  raw: /^application\/json(; ?charset=utf-8)?$/i,
  csv: /^text\/csv(; ?charset=utf-8)?$/i,
  form: /^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/i,
  scim: /^application\/(scim\+)?json(; ?charset=utf-8)?$/i,
} as const
const typeNames = {
  json: 'application/json',
  raw: 'application/json',
  csv: 'text/csv',
  form: 'application/x-www-form-urlencoded',
  scim: 'application/scim+json',
} as const

/**
 * Refuses a request whose body is not exactly of the route's type, before a byte of it is read.
 * @throws FlowError `MEDIA_TYPE_UNSUPPORTED`
 */
export function checkBodyType(route: Route, { headers }: FastifyRequest): void {
  if (headers['content-encoding'] !== undefined) {
    throw unsupported('Compressed bodies are not read', 'Send the body without Content-Encoding.')
  }
  const type = headers['content-type']
  if (route.body === undefined) {
    if (
      (type === undefined || route.protocol === 'scim') &&
      headers['transfer-encoding'] === undefined &&
      !Number(headers['content-length'])
    ) {
      return
    }
    throw unsupported('This request takes no body', 'Send it without body and Content-Type.')
  }
  const wanted = route.bodyType ?? 'json'
  if (type === undefined || !types[wanted].test(type)) {
    const name = typeNames[wanted]
    throw unsupported(`The body must be ${name}`, `Send "Content-Type: ${name}", encoded in UTF-8.`)
  }
}

/** Reads JSON, CSV and forms and nothing else. Size, depth and keys are checked before anything is built from a body. */
export function addBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    ['application/json', 'application/scim+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      // identity providers name a type also where they send nothing
      if (body.length === 0 && isScim(request)) return done(null, undefined)
      if (isRaw(request)) return done(null, body)
      try {
        const text = decode(body as Buffer)
        checkJsonText(text, { maxBytes: Number.POSITIVE_INFINITY, maxDepth: MAX_DEPTH })
        done(null, JSON.parse(text))
      } catch (error) {
        done(error as Error)
      }
    },
  )
  for (const type of [typeNames.csv, typeNames.form]) {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
      try {
        done(null, decode(body as Buffer))
      } catch (error) {
        done(error as Error)
      }
    })
  }
}

function isRaw({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { isRaw?: boolean }).isRaw === true
}

function decode(body: Buffer): string {
  if (isUtf8(body)) return body.toString('utf8')
  throw new FlowError(ErrorCode.BodyInvalid, 'The body is not encoded in UTF-8', {
    hint: 'Save the file as UTF-8, in Excel as "CSV UTF-8".',
  })
}

function unsupported(message: string, hint: string): FlowError {
  return new FlowError(ErrorCode.MediaTypeUnsupported, message, { hint })
}
