import { z } from 'zod'
import type { Route } from '../../nodes/api/route.ts'
import { problemDocument, routes } from '../../nodes/api/routes.ts'

type JsonSchema = Record<string, unknown>

const bodyTypes = {
  json: 'application/json',
  raw: 'application/json',
  csv: 'text/csv',
  form: 'application/x-www-form-urlencoded',
  scim: 'application/scim+json',
}

/** The OpenAPI 3.1 description of the server, made from the declared routes. */
export function openApiDocument(version: string): JsonSchema {
  const schemas: Record<string, JsonSchema> = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output', name: string) =>
    hoistDefinitions(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), name, schemas)

  schemas.Problem = schemaOf(problemDocument, 'output', 'Problem')
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    paths[route.path] ??= {}
    paths[route.path]![route.method.toLowerCase()] = {
      operationId: name,
      tags: [route.tag],
      summary: route.summary,
      ...(route.open && { security: [] }),
      parameters: parameters(name, route, schemaOf),
      ...(route.body && {
        requestBody: {
          required: true,
          content: {
            [bodyTypes[route.bodyType ?? 'json']]: {
              schema: schemaOf(route.body, 'input', `${name}Body`),
            },
          },
        },
      }),
      responses: responses(name, route, schemaOf),
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'sms-logic', version, description: 'Text messages in function logic.' },
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The access token of the server (SMS_LOGIC_TOKEN), or a token made for the program.',
        },
      },
    },
  }
}

const takesIdempotencyKey: ReadonlySet<string> = new Set(['startRun', 'fireEvent', 'callHook'])

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output', name: string) => JsonSchema

function parameters(name: string, route: Route, schemaOf: SchemaOf): JsonSchema[] {
  const list: JsonSchema[] = []
  for (const [place, object] of [
    ['path', route.params],
    ['query', route.query],
  ] as const) {
    for (const [field, schema] of Object.entries<z.ZodType>(object?.shape ?? {})) {
      list.push({
        name: field,
        in: place,
        required: place === 'path',
        schema: schemaOf(schema, 'output', `${name}_${field}`),
      })
    }
  }
  if (takesIdempotencyKey.has(name)) {
    list.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'Repeating a request with the same key and body starts nothing again.',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    })
  }
  return list
}

function responses(name: string, route: Route, schemaOf: SchemaOf): Record<string, JsonSchema> {
  const status = String(route.status ?? (route.response === null ? 204 : 200))
  const type = route.stream
    ? 'text/event-stream'
    : route.download
      ? 'text/csv'
      : route.text
        ? 'text/plain'
        : bodyTypes[route.protocol ?? 'json']
  const success: JsonSchema =
    route.response === null
      ? { description: 'Done' }
      : {
          description: route.stream ? 'Server-sent events; each `data` line is one of these' : 'Done',
          content: { [type]: { schema: schemaOf(route.response, 'output', `${name}Answer`) } },
        }
  return {
    [status]: success,
    ...(name === 'startRun' && {
      202: { ...success, description: 'The run goes on; `Location` is its address' },
    }),
    default: {
      description: 'Refused',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  }
}

/** Zod keeps shared and recursive parts below `$defs` of each schema; in one document they need one place. */
function hoistDefinitions(schema: JsonSchema, name: string, schemas: Record<string, JsonSchema>): JsonSchema {
  const {
    $schema: _,
    $defs: definitions = {},
    ...rest
  } = schema as JsonSchema & { $defs?: Record<string, JsonSchema> }
  const relink = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(relink)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) =>
        key === '$ref' && typeof each === 'string'
          ? [key, each.replace(/^#\/\$defs\//, `#/components/schemas/${name}_`)]
          : [key, relink(each)],
      ),
    )
  }
  for (const [key, definition] of Object.entries(definitions)) {
    schemas[`${name}_${key}`] = relink(definition) as JsonSchema
  }
  return relink(rest) as JsonSchema
}
