import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Run } from '../../../nodes/api/runs.ts'
import type { Json } from '../../../nodes/json.ts'
import type { LocalRuntime, RuntimeOptions } from '../../../runtime/index.ts'
import { closedPort, httpAnswer, startWireServer, type WireServer } from '../../contract/wire-server.ts'
import { connection } from '../../support/graphs.ts'
import { openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let server: WireServer
beforeEach(async () => {
  server = await startWireServer((socket) => socket.write(httpAnswer(200, 'taken')))
  runtime = await open()
})
afterEach(async () => {
  await runtime.close()
  await server.close()
})
const open = (options: Partial<RuntimeOptions> = {}) =>
  openRuntime({ sandbox: false, egressAllow: ['127.0.0.1'], ...options })

const fixed = (value: Json) => ({ kind: 'fixed', value })
const formula = (source: string) => ({ kind: 'formula', source })

/** Start → HTTP Request → Return, which answers the formula. */
function graphOf(params: Record<string, unknown>, answer = 'nodes.http') {
  const place = { position: { x: 0, y: 0 } }
  return {
    ...{ format: 1, id: 'call', name: 'call', title: 'Call' },
    inputs: [{ name: 'order', type: 'object' }],
    nodes: [
      { id: 'start', type: 'start', ...place },
      { id: 'http', type: 'http-request', ...place, params: { url: fixed(url()), ...params } },
      { id: 'return', type: 'return', ...place, params: { value: formula(answer) } },
    ],
    connections: [connection('start', 'next', 'http'), connection('http', 'done', 'return')],
  }
}
const url = (path = '/orders') => `http://127.0.0.1:${server.port}${path}`
async function run(params: Record<string, unknown>, order: Json = null): Promise<Run> {
  const handle = await runtime.startRun({ graph: graphOf(params), input: { order }, trigger: 'library' })
  return handle.finished
}
const httpStep = (ended: Run) => ended.steps.find(({ nodeId }) => nodeId === 'http')!

describe('an HTTP Request', () => {
  it('gets an answer and hands it on, JSON read', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'set-cookie': 'a=b', etag: '"1"' }
    server.behave((socket) => socket.write(httpAnswer(200, '{"lines":[{"sku":"P7"}]}', headers)))
    const query = [
      { name: 'id', value: formula('order.id') },
      { name: 'q', value: fixed('a&b=c') },
      { name: 'none', value: formula('order.missing') },
    ]
    const ended = await run({ query }, { id: 7 })
    expect(ended).toMatchObject({
      status: 'done',
      output: { status: 200, body: { lines: [{ sku: 'P7' }] }, durationMs: expect.any(Number) },
    })
    const shown = (ended.output as { headers: object }).headers
    expect(shown).toMatchObject({ etag: '"1"' })
    expect(shown).not.toHaveProperty('set-cookie')
    expect(server.requests[0]!.head).toContain('GET /orders?id=7&q=a%26b%3Dc HTTP/1.1')
    expect(httpStep(ended).input).toEqual({ method: 'GET', url: url(), headers: [] })
  })

  it.each([
    [{ kind: 'json', value: formula('order') }, 'application/json', '{"id":7,"note":"ünï"}'],
    [
      {
        kind: 'fields',
        rows: [
          { name: 'id', value: formula('order.id') },
          { name: 'x', value: fixed(null) },
        ],
      },
      'application/json',
      '{"id":7,"x":null}',
    ],
    [
      {
        kind: 'form',
        rows: [
          { name: 'note', value: formula('order.note') },
          { name: 'x', value: fixed(null) },
        ],
      },
      'application/x-www-form-urlencoded',
      'note=%C3%BCn%C3%AF',
    ],
    [{ kind: 'text', value: formula('order.note & "!"') }, 'text/plain; charset=utf-8', 'ünï!'],
  ])('sends a body: %j', async (body, type, sent) => {
    await run({ method: 'POST', body }, { id: 7, note: 'ünï' })
    expect(server.requests[0]!.head).toContain(`content-type: ${type}\r\n`)
    expect(Buffer.from(server.requests[0]!.body, 'latin1').toString('utf8')).toBe(sent)
  })

  it('sends the headers of its author, who may choose the type and the key too', async () => {
    const headers = [
      { name: 'X-Order', value: formula('order.id') },
      { name: 'Content-Type', value: fixed('application/vnd.api+json') },
      { name: 'Idempotency-Key', value: fixed('mine') },
      { name: 'X-None', value: fixed(null) },
    ]
    await run({ method: 'POST', headers, body: { kind: 'json', value: fixed({}) } }, { id: 7 })
    const { head } = server.requests[0]!
    expect(head).toContain('x-order: 7\r\n')
    expect(head.match(/content-type: .*/g)).toEqual(['content-type: application/vnd.api+json'])
    expect(head.match(/idempotency-key: .*/g)).toEqual(['idempotency-key: mine'])
    expect(head).not.toContain('x-none')
  })

  it('carries a key of its own, another one in each run', async () => {
    await run({})
    await run({})
    const keys = server.requests.map(({ head }) => /idempotency-key: ([0-9a-f]{32})$/m.exec(head)![1])
    expect(new Set(keys).size).toBe(2)
  })

  it('keeps a text a text', async () => {
    const latin = Buffer.from('ü', 'latin1')
    server.behave((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=iso-8859-1\r\ncontent-length: 1\r\n\r\n',
      )
      socket.write(latin)
    })
    expect(await run({})).toMatchObject({ output: { body: 'ü' } })
  })

  it.each([
    ['{"a":', 'is no JSON'],
    ['{"__proto__":{"a":1}}', 'reaches for a prototype'],
    ['['.repeat(100) + ']'.repeat(100), 'is too deep'],
  ])('does not take an answer that says it is JSON and %s', async (body) => {
    server.behave((socket) => socket.write(httpAnswer(200, body, { 'content-type': 'application/json' })))
    expect(await run({})).toMatchObject({ status: 'failed', error: { code: 'HTTP_ANSWER_UNREADABLE' } })
  })

  it('fails by the status, with the beginning of what was said', async () => {
    const said = `No such order.\nCall +1 202 555 0101 ${'x'.repeat(500)}`
    server.behave((socket) => socket.write(httpAnswer(404, said)))
    const { error } = await run({})
    expect(error).toMatchObject({
      code: 'HTTP_STATUS',
      message: `127.0.0.1:${server.port} answered with status 404`,
      params: { status: 404, host: `127.0.0.1:${server.port}` },
      nodeId: 'http',
    })
    expect(error!.params!.excerpt).toMatch(/^No such order\. Call \*\*\*\* x{170,200}…$/)
  })

  it('counts as success what its author says', async () => {
    server.behave((socket) => socket.write(httpAnswer(404, 'none')))
    expect(await run({ success: '2xx, 404' })).toMatchObject({
      status: 'done',
      output: { status: 404, body: 'none' },
    })
    expect(await run({ success: '200-299' })).toMatchObject({ error: { code: 'HTTP_STATUS' } })
    server.behave((socket) => socket.write(httpAnswer(200, '')))
    expect(await run({ success: '201' })).toMatchObject({ error: { code: 'HTTP_STATUS' } })
  })

  it.each([
    [formula('"http://" & order.host'), 'HTTP_ADDRESS_REFUSED'],
    [formula('"ftp://" & order.host'), 'HTTP_REQUEST_INVALID'],
    [formula('"http://user:pass@" & order.host'), 'HTTP_REQUEST_INVALID'],
    [formula('order'), 'HTTP_REQUEST_INVALID'],
    [formula('order.missing'), 'HTTP_REQUEST_INVALID'],
  ])('does not call %j', async (value, code) => {
    expect(await run({ url: value }, { host: '127.0.0.2/' })).toMatchObject({
      status: 'failed',
      error: { code },
    })
  })

  it('does not let a value break out of its header', async () => {
    const headers = [{ name: 'X-Order', value: formula('order.id') }]
    const { error } = await run({ headers }, { id: 'a\r\nx-injected: b' })
    expect(error).toMatchObject({
      code: 'HTTP_REQUEST_INVALID',
      params: { reason: 'headerValue', name: 'X-Order' },
    })
    expect(server.requests).toEqual([])
  })

  it('is not made in a dry run, which says so', async () => {
    const handle = await runtime.startRun({
      ...{ graph: graphOf({}, '"end"'), input: { order: null }, trigger: 'library' },
      dryRun: 'sent',
    })
    const ended = await handle.finished
    expect(ended).toMatchObject({ status: 'done', output: 'end' })
    expect(httpStep(ended)).toMatchObject({ notExecuted: true })
    expect(server.connections).toBe(0)
  })
})

describe('is not ready', () => {
  const problems = async (params: object) =>
    runtime
      .startRun({
        graph: graphOf(params as Record<string, unknown>),
        input: { order: null },
        trigger: 'library',
      })
      .then(
        () => [],
        ({ fields }: { fields: { path: string; key: string }[] }) =>
          fields.map(({ path, key }) => `${path} ${key}`),
      )

  it.each([
    [{ url: fixed('') }, 'nodes/http/url paramRequired'],
    [{ url: fixed('api.example.com') }, 'nodes/http/url httpUrl'],
    [{ url: fixed('https://user:password@api.example.com') }, 'nodes/http/url httpUrl'],
    [{ url: formula('order.') }, 'nodes/http/url formula.nameMissing'],
    [{ method: 'TRACE' }, 'nodes/http/method paramInvalid'],
    [{ timeoutSeconds: 61 }, 'nodes/http/timeoutSeconds paramInvalid'],
    [{ retries: 6 }, 'nodes/http/retries paramInvalid'],
    [{ success: 'all' }, 'nodes/http/success paramInvalid'],
    [{ headers: [{ name: 'Host', value: fixed('x') }] }, 'nodes/http/headers/0/name paramInvalid'],
    [{ headers: [{ name: 'Content-Length', value: fixed('1') }] }, 'nodes/http/headers/0/name paramInvalid'],
    [{ headers: [{ name: 'a b', value: fixed('x') }] }, 'nodes/http/headers/0/name paramInvalid'],
    [
      { headers: [{ name: 'a', value: { kind: 'secret', secret: 'gone' } }] },
      'nodes/http/headers/0 secretMissing',
    ],
  ])('with %j', async (params, problem) => {
    expect(await problems(params)).toEqual([problem])
  })
})

describe('retries', () => {
  /** Answers each request with the next, and with the last from then on. */
  const answerWith = (...answers: string[]) =>
    server.behave((socket) => socket.write(answers.length > 1 ? answers.shift()! : answers[0]!))
  const notNow = (status: number, seconds = '0') => httpAnswer(status, 'busy', { 'retry-after': seconds })

  it.each([429, 502, 503, 504])('follow %i', async (status) => {
    answerWith(notNow(status), httpAnswer(200, 'taken'))
    expect(await run({ retries: 1 })).toMatchObject({ status: 'done', output: { body: 'taken' } })
    const keys = server.requests.map(({ head }) => /idempotency-key: \w+/.exec(head)![0])
    expect(keys[1]).toBe(keys[0])
    expect(keys).toHaveLength(2)
  })

  it.each([400, 404, 500, 501])('do not follow %i', async (status) => {
    answerWith(notNow(status))
    expect(await run({ retries: 5 })).toMatchObject({ error: { code: 'HTTP_STATUS', params: { status } } })
    expect(server.requests).toHaveLength(1)
  })

  it('wait as long as the server says, and not for one that says an hour', async () => {
    answerWith(notNow(503, '1'), httpAnswer(200, 'taken'))
    const began = performance.now()
    await run({ retries: 1 })
    expect(performance.now() - began).toBeGreaterThan(990)
    answerWith(notNow(503, '3600'))
    expect(await run({ retries: 5 })).toMatchObject({ error: { code: 'HTTP_STATUS' } })
    expect(server.requests).toHaveLength(3)
  })

  it('are not made of a POST, unless its author allows it', async () => {
    answerWith(notNow(503), httpAnswer(200, 'taken'))
    expect(await run({ method: 'POST', retries: 5 })).toMatchObject({ error: { code: 'HTTP_STATUS' } })
    expect(server.requests).toHaveLength(1)
    answerWith(notNow(503), httpAnswer(200, 'taken'))
    expect(await run({ method: 'POST', retries: 5, mayRepeat: true })).toMatchObject({ status: 'done' })
    expect(server.requests).toHaveLength(3)
  })

  it('follow a connection that breaks', async () => {
    let requests = 0
    server.behave((socket) => (requests++ === 0 ? socket.destroy() : socket.write(httpAnswer(200, 'taken'))))
    expect(await run({ method: 'PUT', retries: 1 })).toMatchObject({ status: 'done' })
    expect(server.requests).toHaveLength(2)
  })
})

describe('where no answer comes', () => {
  it('says that the request was not made', async () => {
    const port = await closedPort()
    const { error } = await run({ method: 'POST', url: fixed(`http://127.0.0.1:${port}/`) })
    expect(error).toMatchObject({ code: 'HTTP_UNREACHABLE', params: { reason: 'ECONNREFUSED' } })
  })

  it('says that nobody can tell, and does not repeat it', async () => {
    server.behave((socket) => socket.destroy())
    const { error } = await run({ method: 'POST', retries: 5 })
    expect(error).toMatchObject({ code: 'HTTP_OUTCOME_UNKNOWN', params: { reason: 'CONNECTION_CLOSED' } })
    expect(server.requests).toHaveLength(1)
  })

  it('says so where repeating it does no harm', async () => {
    server.behave(() => {})
    const { error } = await run({ timeoutSeconds: 1, retries: 0 })
    expect(error).toMatchObject({ code: 'HTTP_NO_ANSWER', params: { reason: 'TIMEOUT' } })
  })

  it('names redirects that lead elsewhere, and answers that are too large', async () => {
    server.behave((socket) => socket.write(httpAnswer(302, '', { location: 'http://other.example/' })))
    expect(await run({})).toMatchObject({ error: { code: 'HTTP_REDIRECT_REFUSED' } })
    server.behave((socket) => socket.write(httpAnswer(200, 'x'.repeat(1024 * 1024 + 1))))
    expect(await run({})).toMatchObject({
      error: { code: 'HTTP_ANSWER_TOO_LARGE', params: { limit: 1024 * 1024 } },
    })
  })
})

describe('secrets', () => {
  const secret = 's3cret/"value"+1234567'
  const headers = [{ name: 'Authorization', value: { kind: 'secret', secret: 'crm', prefix: 'Bearer ' } }]
  beforeEach(() => void runtime.secrets.create({ name: 'crm', hosts: ['127.0.0.1'], value: secret }))

  it('leave in a header, and stand nowhere else', async () => {
    const spellings = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      JSON.stringify(secret),
    ]
    const echo = (status: number) =>
      server.behave((socket) => {
        const body = JSON.stringify({ spellings, json: secret })
        socket.write(httpAnswer(status, body, { 'content-type': 'application/json', etag: secret }))
      })
    echo(200)
    const ended = await run({ headers })
    expect(server.requests[0]!.head).toContain(`authorization: Bearer ${secret}`)
    expect(ended).toMatchObject({ output: { body: { json: '•••' }, headers: { etag: '•••' } } })
    echo(500)
    const failed = await run({ headers })
    expect(failed.error!.params!.excerpt).toContain('•••')
    const { folder } = runtime.store
    await runtime.close()
    runtime = await open({ data: folder })
    const kept = JSON.stringify([await runtime.getRun(ended.id), await runtime.getRun(failed.id)])
    for (const spelling of [...spellings, '1234567', 's3cret']) expect(kept).not.toContain(spelling)
    expect(JSON.stringify(runtime.store.database.prepare('SELECT * FROM run').all())).not.toContain('s3cret')
  })

  it('go to their hosts only', async () => {
    runtime.secrets.replace('crm', { hosts: ['crm.example.com'], value: secret })
    const { error } = await run({ headers })
    expect(error).toMatchObject({ code: 'SECRET_NOT_FOR_HOST', params: { name: 'crm', host: '127.0.0.1' } })
    expect(server.connections).toBe(0)
  })
})

describe('the settings', () => {
  it('allow addresses from the next request on, and the environment weighs more', async () => {
    await runtime.close()
    runtime = await open({ egressAllow: undefined })
    expect(await run({})).toMatchObject({
      error: { code: 'HTTP_ADDRESS_REFUSED', params: { host: `127.0.0.1:${server.port}` } },
    })
    runtime.settings.setEgressAllow(['127.0.0.0/8'])
    expect(await run({})).toMatchObject({ status: 'done' })
    const { folder } = runtime.store
    await runtime.close()
    runtime = await open({ data: folder, egressAllow: undefined })
    expect(await run({})).toMatchObject({ status: 'done' })
    await runtime.close()
    runtime = await open({ data: folder, egressAllow: [] })
    expect(await run({})).toMatchObject({ error: { code: 'HTTP_ADDRESS_REFUSED' } })
  })
})

describe('a cancelled run', () => {
  it('makes no further attempt', async () => {
    server.behave((socket) => socket.write(httpAnswer(503, '', { 'retry-after': '50' })))
    const handle = await runtime.startRun({ graph: graphOf({}), input: { order: null }, trigger: 'library' })
    await expect.poll(() => server.requests.length).toBe(1)
    await runtime.cancelRun(handle.id)
    expect((await handle.finished).status).not.toBe('done')
    expect(server.requests).toHaveLength(1)
  })
})
