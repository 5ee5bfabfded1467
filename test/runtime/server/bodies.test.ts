import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../../nodes/api/route.ts'
import { problemDocument, routes } from '../../../nodes/api/routes.ts'
import { expectRefusal, openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const all = Object.entries(routes) as [string, Route][]
const withBody = all.filter(([, { body }]) => body !== undefined)
const isJson = ({ bodyType = 'json' }: Route) => bodyType === 'json' || bodyType === 'scim'
const withJson = withBody.filter(([, route]) => isJson(route))
const withoutBody = all.filter(([, { body }]) => body === undefined)
const addressOf = ({ path }: Route) => path.replace(/\{\w+\}/g, 'night-shift-alarm')
const types = {
  json: 'application/json',
  raw: 'application/json',
  csv: 'text/csv',
  form: 'application/x-www-form-urlencoded',
  scim: 'application/scim+json',
}
const typeOf = (route: Route) => types[route.bodyType ?? 'json']

function everything() {
  const { functions, services, directory } = test.runtime
  const people = directory.memberStore.page({ search: '', offset: 0, limit: 1_000 })
  return JSON.stringify([functions.list(), services.list(), people, directory.roleStore.all()])
}
let before: string
beforeAll(() => {
  before = everything()
})
afterAll(() => expect(everything()).toBe(before))

describe('a body of another kind', () => {
  it.each(withBody)('%s refuses it before it is read', async (_, route) => {
    const others = [
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/json; charset=gbk',
      'application/json, text/csv',
      'application/jsonp',
      // identity providers write SCIM as either
      ...Object.values(types).filter(
        (type) => type !== typeOf(route) && !(isJson(route) && type === types.json),
      ),
      undefined,
    ]
    for (const type of others) {
      const call = { body: '{}', headers: { 'content-type': type } }
      const answer = await test.call(route.method, addressOf(route), call)
      expectRefusal(route, answer, 415, 'MEDIA_TYPE_UNSUPPORTED')
    }
    const headers = { 'content-type': typeOf(route), 'content-encoding': 'gzip' }
    expect((await test.call(route.method, addressOf(route), { body: '{}', headers })).status).toBe(415)
  })

  it.each(withoutBody)('%s takes none at all', async (_, route) => {
    const call = { body: '{}', headers: { 'content-length': '2' } }
    expect((await test.call(route.method, addressOf(route), call)).status).toBe(415)
  })
})

it.each(withBody)('%s refuses a body that is too large, with and without announcement', async (_, route) => {
  const limit = route.bodyLimit ?? 1024 * 1024
  const body = Buffer.alloc(limit + 1, 0x20)
  const headers = { 'content-type': typeOf(route) }
  const announced = await test.call(route.method, addressOf(route), { body, headers })
  expectRefusal(route, announced, 413, 'BODY_TOO_LARGE')
  if (route.protocol !== 'scim') {
    expect(announced.json()).toMatchObject({
      params: { limit },
      hint: expect.stringContaining(String(limit)) as string,
    })
  }
  const chunked = { 'transfer-encoding': 'chunked', ...headers }
  expect((await test.call(route.method, addressOf(route), { body, headers: chunked })).status).toBe(413)
})

describe('hostile JSON', () => {
  const hostile = {
    deep: '['.repeat(100_000),
    'deep and closed': `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    proto: '{"__proto__":{"admin":true}}',
    'escaped proto': '{"\\u005f_proto__":{"admin":true}}',
    'nested constructor': '{"device":{"constructor":{"prototype":{"admin":true}}}}',
    empty: '',
    cut: '{"device":',
    'two values': '{} {}',
    'a list': '[]',
    null: 'null',
    'not UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  }
  for (const [name, body] of Object.entries(hostile)) {
    it.each(withJson)(`${name}: %s answers 400`, async (_, route) => {
      const answer = await test.call(route.method, addressOf(route), {
        body,
        headers: { 'content-type': 'application/json' },
      })
      // a list is what Alibaba sends, and at this address there is nobody to take one
      const isNowhere = route.fromProvider && (name === 'a list' || name === 'null')
      if (isNowhere) expectRefusal(route, answer, 404, 'NOT_FOUND')
      else expectRefusal(route, answer, 400, 'BODY_INVALID')
      if (route.protocol !== 'scim') expect(problemDocument.safeParse(answer.json()).success).toBe(true)
    })
  }

  it('does not keep others waiting: brackets, quotes, keys and escapes by the megabyte', async () => {
    const size = 1_000_000
    const corpus = [
      '['.repeat(size),
      `"${'\\u0000'.repeat(size / 6)}"`,
      `{${'"a":1,'.repeat(size / 7)}"b":2}`,
      `[${'1e1,'.repeat(size / 4)}1]`,
      `{"device":"${'x'.repeat(size - 20)}"}`,
      `[${' '.repeat(size - 2)}]`,
      '1'.repeat(size),
    ]
    for (const body of corpus) {
      const start = performance.now()
      const hostileAnswer = test.call('POST', '/api/functions/night-shift-alarm/runs', { body })
      const health = await test.plain('GET', '/healthz')
      expect(health.status).toBe(200)
      expect((await hostileAnswer).status).toBeLessThan(500)
      expect(performance.now() - start).toBeLessThan(5_000)
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('fields', () => {
  it('are refused with their places, also fields that nobody knows', async () => {
    const answer = await test.call('POST', '/api/sms-services', {
      body: { name: ' ', provider: 'pigeon', settings: {}, admin: true },
    })
    expect(answer.status).toBe(400)
    expect(answer.json().fields).toEqual(
      expect.arrayContaining([
        { path: 'name', key: 'required', message: expect.any(String) as string },
        { path: 'provider', key: 'invalid', message: expect.any(String) as string },
        { path: 'admin', key: 'unknownField', message: expect.any(String) as string },
      ]),
    )
  })

  it('of the query are checked too', async () => {
    for (const query of ['limit=0', 'limit=abc', 'limit=1&limit=2', 'offset=-1']) {
      expect((await test.call('GET', `/api/members?${query}`)).status).toBe(400)
    }
  })

  it('of the address that cannot exist are not found', async () => {
    for (const name of ['%zz', '..%2f..%2fetc', 'Nobody', '%00', 'x'.repeat(150)]) {
      expect((await test.call('GET', `/api/functions/${name}`)).status).toBe(404)
    }
  })
})

it('answers what is not HTTP with 400 and hangs up', async () => {
  const { hostname, port } = new URL(test.server.url)
  const answer = await new Promise<string>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write('HELLO\r\n\r\n'))
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(answer).toContain('application/problem+json')
})
