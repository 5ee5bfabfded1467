import { afterEach, describe, expect, it } from 'vitest'
import type { Run, RunEvent } from '../../../nodes/api/runs.ts'
import { startServer } from '../../../runtime/server/start-server.ts'
import type { RunningServer } from '../../../runtime/server/start-server.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { connection, smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let server: RunningServer
afterEach(async () => {
  await server.close()
  await runtime.close()
})

/** A runtime whose sandbox can report to it: receipts come by HTTP, to a server that really listens. */
async function open(data?: string, receiptDelayMs = 20) {
  runtime = await openRuntime({ ...(data !== undefined && { data }), sandbox: { receiptDelayMs } })
  server = await startServer(runtime, { host: '127.0.0.1', port: 0, appFolder: '/nowhere' })
}

/** Start → SMS → Wait for delivery → one Return for each port. */
async function start(phones: string[], params: object = {}, service = twilioService(runtime)) {
  const recipients = phones.map((phone, index) => ({
    kind: 'member' as const,
    id: addMember(runtime, `Person ${index}`, phone),
  }))
  const graph = smsGraph({ service, recipients, text: 'Pump 7', ports: [] })
  const ports = ['delivered', 'failed', 'no-receipt']
  const place = { position: { x: 0, y: 0 } }
  const wait = { id: 'wait', type: 'wait-for-delivery', ...place, params: { minutes: 1, ...params } }
  const ends = ports.map((port) => ({
    ...{ id: `end-${port}`, type: 'return', ...place },
    params: { value: { kind: 'fixed', value: port } },
  }))
  const connections = [
    ...graph.connections.filter(({ from }) => from.node === 'start'),
    ...['sent', 'partly', 'failed'].map((port) => connection('sms', port, 'wait')),
    ...ports.map((port) => connection('wait', port, `end-${port}`)),
  ]
  const nodes = [...graph.nodes.filter(({ type }) => type !== 'return'), wait, ...ends]
  return runtime.startRun({
    graph: { ...graph, inputs: [], nodes, connections },
    input: {},
    trigger: 'library',
  })
}
const waited = (run: Run) => run.steps.find(({ nodeId }) => nodeId === 'wait')!
const [ADA, BO] = ['+12025550101', '+12025550102'] as const

describe('Wait for delivery', () => {
  it('leaves by "delivered" once every phone has its text', async () => {
    await open()
    const run = await (await start([ADA, BO])).finished
    expect(run).toMatchObject({ status: 'done', output: 'delivered' })
    expect(waited(run).output).toEqual({ counts: { delivered: 2, undelivered: 0, waiting: 0 } })
    expect(run.steps[1]!.messages).toMatchObject([{ delivery: 'delivered' }, { delivery: 'delivered' }])
  })

  it('leaves by "failed" where a text was given up, with the provider’s code', async () => {
    await open()
    runtime.sandbox!.setReceipts({ phone: BO, delivery: 'undelivered', order: 'in-order', repeat: 1 })
    const run = await (await start([ADA, BO])).finished
    expect(run).toMatchObject({ output: 'failed' })
    expect(run.steps[1]!.messages).toMatchObject([{}, { delivery: 'undelivered', deliveryCode: '30003' }])
    expect(runtime.sandbox!.messages(10).map(({ to }) => to)).toEqual([ADA])
  })

  it('does not mind receipts that come in the wrong order, and again and again', async () => {
    await open()
    runtime.sandbox!.setReceipts({ phone: ADA, delivery: 'delivered', order: 'reversed', repeat: 3 })
    const run = await (await start([ADA])).finished
    expect(run).toMatchObject({ output: 'delivered' })
    await expect.poll(() => runtime.sandbox!.pushes().length).toBe(6)
    expect(runtime.sandbox!.pushes().map(({ status, answer }) => `${status} ${answer}`)).toEqual([
      ...['delivered 204', 'delivered 204', 'delivered 204', 'sent 204', 'sent 204', 'sent 204'],
    ])
    expect((await runtime.getRun(run.id))!.steps[1]!.messages).toMatchObject([{ delivery: 'delivered' }])
  })

  it('leaves by "no-receipt" when time is up', async () => {
    await open()
    runtime.sandbox!.setReceipts({ phone: ADA, delivery: 'none', order: 'in-order', repeat: 1 })
    const run = await (await start([ADA], { minutes: 1 / 60 })).finished
    expect(run).toMatchObject({ output: 'no-receipt' })
    expect(waited(run).output).toEqual({ counts: { delivered: 0, undelivered: 0, waiting: 1 } })
  })

  it('goes on waiting after a restart, with the deadline it had', { timeout: 20_000 }, async () => {
    await open(undefined, 3_600_000)
    const { id } = await start([ADA], { minutes: 0.05 })
    const begun = async () => (await runtime.getRun(id))!.steps.some(({ nodeId }) => nodeId === 'wait')
    await expect.poll(begun).toBe(true)
    const started = Date.now()
    const { folder } = runtime.store
    await server.close()
    await runtime.close()
    await open(folder)
    await expect.poll(async () => (await runtime.getRun(id))!.status, { timeout: 10_000 }).toBe('done')
    const run = (await runtime.getRun(id))!
    expect(run).toMatchObject({ output: 'no-receipt' })
    expect(run.steps.filter(({ nodeId }) => nodeId === 'wait')).toHaveLength(1)
    expect(Date.parse(waited(run).finished!) - started).toBeLessThan(5_000)
  })

  it('ends with a cancelled run', async () => {
    await open(undefined, 3_600_000)
    const { id, finished } = await start([ADA])
    await expect.poll(async () => (await runtime.getRun(id))!.steps.length).toBe(3)
    await runtime.cancelRun(id)
    expect((await finished).status).toBe('cancelled')
  })

  it('is not ready without an SMS step before it', async () => {
    await open()
    await expect(start([ADA], { step: 'another' })).rejects.toMatchObject({
      code: 'GRAPH_NOT_READY',
      fields: [{ path: 'nodes/wait/step', key: 'smsStepMissing' }],
    })
  })
})

it('shows receipts to those who watch a run that has ended', async () => {
  await open()
  const service = twilioService(runtime)
  const recipients = [{ kind: 'member' as const, id: addMember(runtime, 'Ada', ADA) }]
  const graph = { ...smsGraph({ service, recipients, text: 'Pump 7' }), inputs: [] }
  const run = await (await runtime.startRun({ graph, input: {}, trigger: 'library' })).finished
  const seen: RunEvent[] = []
  const stop = await runtime.watchRun(run.id, (event) => seen.push(event))
  await expect.poll(() => seen.at(-1)).toMatchObject({ type: 'message', message: { delivery: 'delivered' } })
  stop()
})

it('lets the STOP of a sandbox phone hold back the next text, and START let it through', async () => {
  await open()
  const service = twilioService(runtime)
  const send = async () => (await (await start([ADA], {}, service)).finished).steps[1]!.messages![0]!
  expect(await send()).toMatchObject({ state: 'accepted' })
  await runtime.sandbox!.answer(ADA, 'STOP')
  expect(await send()).toMatchObject({ state: 'suppressed', reason: 'opted-out' })
  await runtime.sandbox!.answer(ADA, 'start')
  expect(await send()).toMatchObject({ state: 'accepted' })
})
