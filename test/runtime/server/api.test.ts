import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { Route } from '../../../nodes/api/route.ts'
import { routes } from '../../../nodes/api/routes.ts'
import { connection, smsGraph } from '../../support/graphs.ts'
import { openServer, TOKEN } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
beforeAll(async () => {
  test = await openServer()
})
afterAll(() => test.close())

const alarm = '/api/functions/night-shift-alarm/runs'
const canary = 'canary-7d31e9-secret'
const twilio = { accountSid: `AC${'1'.repeat(32)}`, authToken: canary, fromNumber: '+12025550123' }

describe('runs', () => {
  it('are answered with their end', async () => {
    const answer = await test.call('POST', alarm, { body: { device: 'Pump 7', severity: 1 } })
    expect(answer.status).toBe(200)
    expect(answer.json<Run>()).toMatchObject({
      status: 'done',
      trigger: 'http',
      output: 'No alarm: severity 1 is not serious',
    })
  })

  it('are answered with their address where nobody waits', async () => {
    const answer = await test.call('POST', `${alarm}?wait=0`, { body: { device: 'Pump 7' } })
    expect(answer.status).toBe(202)
    const run = answer.json<Run>()
    expect(answer.headers.location).toBe(`/api/runs/${run.id}`)
    expect((await test.call('GET', answer.headers.location!)).json<Run>().id).toBe(run.id)
  })

  it('are started once for one key, and never with another input', async () => {
    const start = (device: string) =>
      test.call('POST', alarm, {
        body: { device, severity: 1 },
        headers: { 'idempotency-key': 'order-1' },
      })
    const [first, second] = await Promise.all([start('Pump 7'), start('Pump 7')])
    expect(second.json<Run>().id).toBe(first.json<Run>().id)
    const other = await start('Pump 8')
    expect([other.status, other.json().code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    const headers = { 'idempotency-key': 'x'.repeat(201) }
    expect((await test.call('POST', alarm, { body: {}, headers })).status).toBe(400)
  })

  it('say what their input lacks', async () => {
    const answer = await test.call('POST', alarm, { body: { severity: 9 } })
    expect([answer.status, answer.json().code]).toEqual([400, 'INPUT_INVALID'])
  })

  it('take a member as an id, and name the input where the directory has none with it', async () => {
    const graph = {
      ...smsGraph({ service: 'none', recipients: [] }),
      inputs: [{ name: 'onCall', type: 'member', required: true }],
      nodes: [
        { id: 'start', type: 'start', position: { x: 0, y: 0 }, params: {} },
        {
          id: 'return',
          type: 'return',
          position: { x: 320, y: 0 },
          params: { value: { kind: 'formula', source: '"Ask " & onCall.name' } },
        },
      ],
      connections: [connection('start', 'next', 'return')],
    }
    await test.call('POST', '/api/functions', { body: { title: 'Ask', name: 'ask', graph } })
    const start = (onCall: unknown) => test.call('POST', '/api/functions/ask/runs', { body: { onCall } })
    const [lena] = (await test.call('GET', '/api/members?search=Lena')).json<{
      members: { id: string; name: string }[]
    }>().members
    expect((await start(lena!.id)).json<Run>().output).toBe('Ask Lena Fischer')
    expect((await start(lena)).json<Run>().output).toBe('Ask Lena Fischer')
    const refused = await start('nobody')
    expect(refused.status).toBe(422)
    expect(refused.json()).toMatchObject({
      code: 'INPUT_NOT_FOUND',
      detail: 'onCall: the directory has no member with this id',
      fields: [{ path: 'onCall' }],
      hint: expect.stringContaining('/api/members'),
    })
  })

  it('are refused where too many wait, with the time to come back', async () => {
    const small = await openServer({ server: { maxWaiting: 0 } })
    const answer = await small.call('POST', alarm, { body: { device: 'Pump 7' } })
    expect([answer.status, answer.json().code]).toEqual([503, 'OVERLOADED'])
    expect(answer.headers['retry-after']).toBe('1')
    expect((await small.call('GET', '/api/runs')).json<Run[]>()).toEqual([])
    await small.close()
  })

  it('are not found under an id that does not exist', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
    ] as const) {
      const answer = await test.call(method, `/api/runs/nothing${path}`)
      expect([path, answer.status, answer.json().code]).toEqual([path, 404, 'NOT_FOUND'])
    }
  })
})

describe('two people at one element', () => {
  it('a function: the second one is told, and nothing is lost', async () => {
    const made = await test.call('POST', '/api/functions', { body: { title: 'Shared' } })
    const { name, graph, revision } = made.json<{ name: string; graph: object; revision: number }>()
    const save = (description: string) =>
      test.call('PUT', `/api/functions/${name}`, { body: { revision, graph: { ...graph, description } } })
    expect((await save('first')).status).toBe(200)
    const second = await save('second')
    expect([second.status, second.json()]).toMatchObject([409, { code: 'CONFLICT', params: { revision: 2 } }])
    expect((await test.call('GET', `/api/functions/${name}`)).json()).toMatchObject({ description: 'first' })
  })

  it('a service that is used: it stays', async () => {
    const [service] = test.runtime.services.summaries()
    const answer = await test.call('DELETE', `/api/sms-services/${service!.id}`)
    expect([answer.status, answer.json().code]).toEqual([409, 'IN_USE'])
    const usage = await test.call('GET', `/api/sms-services/${service!.id}/usage`)
    expect(usage.json()).toMatchObject([{ functionName: 'night-shift-alarm', nodeId: 'alarm' }])
  })
})

it('imports a graph with the place of its fault', async () => {
  const graph = { format: 99 }
  const answer = await test.call('POST', '/api/functions', { body: { title: 'Newer', graph } })
  expect([answer.status, answer.json()]).toMatchObject([400, { code: 'GRAPH_TOO_NEW', path: 'format' }])
})

it('imports people from a CSV file', async () => {
  const answer = await test.call('POST', '/api/members/import?dryRun=true', {
    body: 'name,phone\nZoe,+12025550150\n',
    headers: { 'content-type': 'text/csv; charset=utf-8' },
  })
  expect([answer.status, answer.json()]).toMatchObject([200, { applied: false, added: 1 }])
  const gbk = await test.call('POST', '/api/members/import', {
    body: Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x0a]),
    headers: { 'content-type': 'text/csv' },
  })
  expect([gbk.status, gbk.json().hint]).toEqual([400, expect.stringContaining('UTF-8')])
})

it('checks credentials and says in words what the provider refused', async () => {
  const body = { name: 'Wrong', provider: 'twilio', settings: { ...twilio, endpoint: 'sandbox' } }
  const { id } = (await test.call('POST', '/api/sms-services', { body })).json<{ id: string }>()
  const answer = await test.call('POST', `/api/sms-services/${id}/check`)
  expect([answer.status, answer.json()]).toMatchObject([
    200,
    { ok: false, error: { code: 'SMS_REJECTED', provider: 'twilio', message: expect.any(String) as string } },
  ])
  expect(answer.text).not.toContain(canary)
})

it('says that the sandbox is off', async () => {
  const without = await openServer({ runtime: { sandbox: false } })
  expect((await without.call('GET', '/api/sandbox')).json()).toMatchObject({ running: false, url: null })
  for (const [method, path] of [
    ['GET', '/messages'],
    ['GET', '/events'],
    ['DELETE', '/messages'],
  ] as const) {
    const answer = await without.call(method, `/api/sandbox${path}`)
    expect([answer.status, answer.json().hint]).toEqual([404, expect.stringContaining('--no-sandbox')])
  }
  await without.close()
})

it('never answers or logs a secret, a token or a number that was texted', async () => {
  const endless = ['/api/sandbox/events', '/api/inbox/{member}/events']
  const made = await openServer()
  const body = { name: 'Canary', provider: 'twilio', settings: { ...twilio, endpoint: 'sandbox' } }
  const service = (await made.call('POST', '/api/sms-services', { body })).json<{
    id: string
    revision: number
  }>()
  const graph = made.runtime.functions.get('night-shift-alarm').graph
  const nodes = graph.nodes.map((node) =>
    node.id === 'alarm' ? { ...node, params: { ...node.params, service: service.id } } : node,
  )
  await made.call('PUT', '/api/functions/night-shift-alarm', {
    body: { revision: 1, graph: { ...graph, nodes } },
  })
  const run = (await made.call('POST', alarm, { body: { device: 'Pump 7' } })).json<Run>()
  const refused = { ...body, settings: { ...body.settings, accountSid: canary } }

  const answers = [
    JSON.stringify(run),
    (await made.call('POST', '/api/sms-services', { body: refused })).text,
  ]
  for (const route of Object.values(routes) as Route[]) {
    if (route.method !== 'GET' || endless.includes(route.path)) continue
    for (const id of [service.id, run.id, 'night-shift-alarm']) {
      answers.push((await made.call('GET', route.path.replace(/\{\w+\}/g, id))).text)
    }
  }
  const told = [...answers, ...made.log].join('\n')
  for (const secret of [canary, TOKEN, new URL(made.server.link).hash.slice(7)])
    expect(told).not.toContain(secret)
  const [texted] = made.runtime.sandbox!.requests()
  expect(texted).toBeDefined()
  const runs = answers.filter((text) => text.includes(run.id)).join('\n')
  expect(runs).not.toMatch(/\+\d{9,}/)
  await made.close()
})

it('hides what went wrong inside, and logs it without what was sent', async () => {
  const broken = await openServer()
  broken.runtime.functions.list = () => {
    throw new Error(`a message that quotes ${canary}`)
  }
  const answer = await broken.call('GET', '/api/functions?search=+12025550123')
  expect([answer.status, answer.json().code]).toEqual([500, 'INTERNAL'])
  expect(answer.text).not.toMatch(/canary|at |\.ts/)
  const [line] = broken.log
  expect(JSON.parse(line!)).toMatchObject({
    error: { type: 'Error', message: '' },
    method: 'GET',
    route: '/api/functions',
  })
  expect(broken.log.join()).not.toMatch(/canary|2025550123/)
  await broken.close()
})

it('puts security headers on every answer, refusals too', async () => {
  for (const path of [
    '/healthz',
    '/api/functions',
    '/api/nothing',
    '/',
    '/missing.js',
    '/api/functions/%zz',
  ]) {
    const { headers } = await test.plain('GET', path)
    expect([path, headers]).toMatchObject([
      path,
      {
        'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self';/) as string,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
    ])
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})
