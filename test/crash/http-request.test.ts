import { expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { httpAnswer, startWireServer } from '../contract/wire-server.ts'
import { connection } from '../support/graphs.ts'
import { newFolder, startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'

const environment = { SMS_LOGIC_EGRESS_ALLOW: '127.0.0.1' }
const start = (data: string) => startProduct({ data, args: ['--no-sandbox'], environment })

/** Start → a POST that is answered → the request under test. */
function graphOf(origin: string, params: object) {
  const place = { position: { x: 0, y: 0 } }
  const url = (path: string) => ({ kind: 'fixed', value: `${origin}${path}` })
  return {
    ...{ format: 1, id: 'call', name: 'call', title: 'Call' },
    nodes: [
      { id: 'start', type: 'start', ...place },
      { id: 'first', type: 'http-request', ...place, params: { method: 'POST', url: url('/first') } },
      { id: 'second', type: 'http-request', ...place, params: { url: url('/second'), ...params } },
    ],
    connections: [connection('start', 'next', 'first'), connection('first', 'done', 'second')],
  }
}

/** Kills the server while the second request is on the wire, and starts it again. */
async function dieDuring(params: object): Promise<{ run: Run; heads: string[] }> {
  let isAlive = true
  const server = await startWireServer((socket, { head }) => {
    if (head.includes('/first') || !isAlive) socket.write(httpAnswer(200, 'taken'))
  })
  const data = newFolder()
  let product: Product = await start(data)
  await product.api('POST', '/api/functions', {
    title: 'Call',
    name: 'call',
    graph: graphOf(server.origin, params),
  })
  const accepted = await product.api<{ id: string }>('POST', '/api/functions/call/runs?wait=0', {})
  const { id } = accepted.body
  await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(2)
  await product.kill()
  isAlive = false
  product = await start(data)
  const read = async () => (await product.api<Run>('GET', `/api/runs/${id}`)).body
  await expect.poll(async () => (await read()).status, { timeout: 20_000 }).not.toBe('running')
  const run = await read()
  await product.stop()
  await server.close()
  return { run, heads: server.requests.map(({ head }) => head) }
}
const keyOf = (head: string) => /idempotency-key: (\w+)/.exec(head)![1]

it(
  'fails as unknown where the server dies during a POST, and does not repeat it',
  { timeout: 60_000 },
  async () => {
    const { run, heads } = await dieDuring({ method: 'POST' })
    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'HTTP_OUTCOME_UNKNOWN', params: { reason: 'RESTART' }, nodeId: 'second' },
    })
    expect(heads.map((head) => head.split(' HTTP')[0])).toEqual(['POST /first', 'POST /second'])
  },
)

it.each([{ method: 'PUT' }, { method: 'POST', mayRepeat: true }])(
  'makes the request again after a death where that does no harm: %j',
  { timeout: 60_000 },
  async (params) => {
    const { run, heads } = await dieDuring(params)
    expect(run).toMatchObject({ status: 'done' })
    expect(heads.filter((head) => head.includes('/first'))).toHaveLength(1)
    const seconds = heads.filter((head) => head.includes('/second'))
    expect(seconds).toHaveLength(2)
    expect(keyOf(seconds[0]!)).toBe(keyOf(seconds[1]!))
  },
)
