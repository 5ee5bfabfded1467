import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Route } from '../../../nodes/api/route.ts'
import { routes } from '../../../nodes/api/routes.ts'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

interface Operation {
  operationId: string
  summary: string
  security?: object[]
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
interface OpenApi {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

let test: TestServer
let document: OpenApi
beforeAll(async () => {
  test = await openServer()
  document = (await test.call('GET', '/api/openapi.json')).json<OpenApi>()
})
afterAll(() => test.close())

const all = Object.entries(routes) as [string, Route][]

it('is an OpenAPI 3.1 document, for those who may ask', async () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'sms-logic', version: '0.1.0' } })
  expect((await test.plain('GET', '/api/openapi.json')).status).toBe(401)
})

it('lists every route, and no other', () => {
  const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
  )
  const declared = all.map(([name, { method, path }]) => `${method.toLowerCase()} ${path} ${name}`)
  expect(listed.sort()).toEqual(declared.sort())
})

it.each(all)('describes what %s takes and answers', (name, route) => {
  const operation = document.paths[route.path]![route.method.toLowerCase()]!
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  const parameters = operation.parameters.filter((each) => each.in === 'path')
  expect(parameters.map((each) => each.name)).toEqual(inPath)
  expect(parameters.every(({ required }) => required)).toBe(true)
  expect(operation.requestBody !== undefined).toBe(route.body !== undefined)
  const status = String(route.status ?? (route.response ? 200 : 204))
  expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining([status, 'default']))
  expect(operation.responses[status]!.content !== undefined).toBe(route.response !== null)
  expect(operation.security !== undefined).toBe(route.open === true)
  expect(name).toBe(operation.operationId)
})

it('refers only to what it holds, in the form that OpenAPI reads', () => {
  const text = JSON.stringify(document)
  expect(text).not.toMatch(/"\$defs"|"\$schema"|#\/\$defs/)
  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1]!)
  expect(references.length).toBeGreaterThan(all.length)
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\/[A-Za-z0-9._-]+$/)
    expect(document.components.schemas[reference.slice('#/components/schemas/'.length)]).toBeDefined()
  }
})
