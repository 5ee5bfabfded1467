import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineNode } from '../../../nodes/define.ts'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import { defineExecutor } from '../../../nodes/execution.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import { connection, smsGraph } from '../../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

/** A node of a host that has an effect which nothing here can hold back. */
let tickets = 0
const openTicket = defineExecutor(
  defineNode({
    type: 'open-ticket',
    version: 1,
    menu: [],
    icon: 'ticket',
    input: 'in',
    outputs: ['next', 'failed'],
    params: z.strictObject({}),
    defaults: () => ({}),
    result: null,
  }),
  () => ({ port: 'next', result: { number: ++tickets } }),
)

const data = newFolder()
let runtime: LocalRuntime
let graph: ReturnType<typeof smsGraph>
let service: string

beforeAll(async () => {
  runtime = await openRuntime({ data, nodes: [openTicket] })
  service = twilioService(runtime)
  const recipients: Recipient[] = [
    { kind: 'member', id: addMember(runtime, 'Ada', '+447700900001') },
    { kind: 'member', id: addMember(runtime, 'Zoe', '+447700900002') },
    { kind: 'member', id: addMember(runtime, 'Bob', '') },
  ]
  graph = smsGraph({ service, recipients, ports: ['sent', 'partly'] })
  runtime.functions.create({ title: 'Greet', name: 'greet', graph })
})
afterAll(() => runtime.close())

const sent = () => runtime.sandbox!.requests().length
const stepOf = (run: Awaited<ReturnType<LocalRuntime['dryRun']>>, path: string) =>
  run.steps.find((step) => step.path === path)

describe('a dry run', () => {
  test('walks the function, says what each SMS step would do, and sends nothing', async () => {
    const run = await runtime.dryRun('greet', { who: 'you' })
    expect(run).toMatchObject({ status: 'done', dryRun: 'sent', output: 2 })
    expect(run.steps.map(({ path, port }) => [path, port])).toEqual([
      ['start', 'next'],
      ['sms', 'sent'],
      ['return', null],
    ])
    const { messages, xRay } = stepOf(run, 'sms')!
    expect(messages).toBeUndefined()
    expect(xRay).toMatchObject({ selected: 3, texted: 2, skipped: { 'no-phone': 1 }, segments: 2 })
    expect(xRay!.texts[xRay!.people[0]!.text!]!.text).toBe('Hello you')
    expect(xRay!.people.map(({ phone }) => phone)).toEqual(['+44****0001', '', '+44****0002'])
    expect(sent()).toBe(0)
    expect(runtime.store.database.prepare('SELECT count(*) AS count FROM message').get()).toEqual({
      count: 0,
    })
  })

  test('is a dry run in the history too', async () => {
    const run = await runtime.dryRun('greet', { who: 'you' })
    expect(await runtime.getRun(run.id)).toEqual(run)
    expect((await runtime.listRuns({ limit: 1 }))[0]).toMatchObject({ id: run.id, dryRun: 'sent' })
  })

  test('goes on as if some had been texted, or nobody', async () => {
    const partly = await runtime.dryRun('greet', { who: 'you' }, 'partly')
    expect(stepOf(partly, 'sms')).toMatchObject({
      port: 'partly',
      output: { counts: { accepted: 1, rejected: 1 } },
    })
    const failed = await runtime.dryRun('greet', { who: 'you' }, 'failed')
    expect(failed).toMatchObject({ status: 'failed', dryRun: 'failed', error: { code: 'DRY_RUN_REFUSED' } })
    expect(sent()).toBe(0)
  })

  test('fails as the run would where nobody can be texted', async () => {
    const nobody = smsGraph({ service, recipients: [{ kind: 'member', id: 'nobody' }] })
    const run = await (
      await runtime.startRun({ graph: nobody, input: { who: 'you' }, trigger: 'library', dryRun: 'sent' })
    ).finished
    expect(run).toMatchObject({ status: 'failed', error: { code: 'NO_RECIPIENTS' } })
  })

  test('passes by a node of the host that may have effects of its own', async () => {
    const withTicket = {
      ...graph,
      nodes: [...graph.nodes, { id: 'ticket', type: 'open-ticket', position: { x: 0, y: 0 }, params: {} }],
      connections: [
        connection('start', 'next', 'ticket'),
        connection('ticket', 'next', 'sms'),
        connection('sms', 'sent', 'return'),
      ],
    }
    const request = { graph: withTicket, input: { who: 'you' }, trigger: 'library' } as const
    const run = await (await runtime.startRun({ ...request, dryRun: 'sent' })).finished
    expect(stepOf(run, 'ticket')).toMatchObject({ status: 'done', port: 'next', notExecuted: true })
    expect(tickets).toBe(0)
    expect(stepOf(run, 'sms')).toHaveProperty('xRay')
  })

  test('does not take the idempotency key of the real run', async () => {
    const request = {
      functionName: 'greet',
      input: { who: 'you' },
      trigger: 'library',
      idempotencyKey: 'k',
    } as const
    const dry = await runtime.startRun({ ...request, dryRun: 'sent' })
    await dry.finished
    const real = await runtime.startRun(request)
    expect([real.repeated, (await real.finished).dryRun]).toEqual([false, undefined])
    expect((await runtime.startRun({ ...request, dryRun: 'sent' })).id).toBe(dry.id)
    expect(sent()).toBe(2)
  })

  test('stays one after a crash', async () => {
    const id = '00000000000000000000000001'
    const { version } = (await runtime.listRuns({ function: 'greet', limit: 1 }))[0]!
    const ledger = new SqliteLedger(runtime.store.database)
    const row = {
      id,
      functionName: 'greet',
      version,
      trigger: 'http' as const,
      created: 1,
      dryRun: 'sent' as const,
    }
    await ledger.acceptRun({ ...row, input: { who: 'you' } })
    const before = sent()
    await runtime.close()
    runtime = await openRuntime({ data, nodes: [openTicket] })
    await expect.poll(async () => (await runtime.getRun(id))?.status).toBe('done')
    expect(stepOf((await runtime.getRun(id))!, 'sms')).toHaveProperty('xRay')
    expect(sent()).toBe(before)
  })
})
