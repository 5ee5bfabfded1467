import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { fixed, flow, returns, sms } from '../../support/flow.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'
import { systemSurroundings } from '../../../runtime/surroundings.ts'

let runtime: LocalRuntime
let ada: string
let zoe: string
let service: string
let asked = 0
const server = createServer((_, response) => {
  asked++
  response.setHeader('content-type', 'text/plain').end('rain')
})

function graph(text: string, members: string[], more: { smallest?: number; isNew?: boolean } = {}) {
  const { smallest = 0, isNew = false } = more
  const { port } = server.address() as AddressInfo
  const who = (path: string) => ({ kind: 'variable', path })
  const ask = {
    type: 'http-request',
    params: { url: fixed(`http://127.0.0.1:${port}/`) },
    to: { done: 'check' },
  }
  const check = {
    type: 'condition',
    params: {
      branches: [{ id: 'yes', title: '', when: { kind: 'formula', source: `level >= ${smallest}` } }],
    },
    to: { yes: 'text', otherwise: 'end' },
  }
  return flow(
    {
      [isNew ? 'other' : 'ask']: ask,
      check,
      text: {
        ...sms(ada, service, text),
        params: {
          ...sms(ada, service, text).params,
          recipients: members.map((id) => ({ kind: 'member', id })),
          variables: {
            level: who('level'),
            weather: { kind: 'formula', source: isNew ? '"-"' : 'nodes.ask.body' },
          },
        },
        to: { sent: 'end' },
      },
      end: returns('1'),
    },
    { name: 'alarm', inputs: [{ name: 'level', type: 'number', required: true }] },
  )
}

function draw(...args: Parameters<typeof graph>) {
  const { revision } = runtime.functions.draft('alarm')
  runtime.functions.save('alarm', { revision, graph: graph(...args) })
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  runtime = await openRuntime({ egressAllow: ['127.0.0.1'] })
  ada = addMember(runtime, 'Ada', '+447700900001')
  zoe = addMember(runtime, 'Zoe', '+447700900002')
  service = twilioService(runtime)
  runtime.functions.create({
    title: 'Alarm',
    name: 'alarm',
    graph: graph('Level ${level}, ${weather}', [ada, zoe]),
  })
  await runtime.run('alarm', { level: 1 })
  await runtime.run('alarm', { level: 5 })
  await runtime.dryRun('alarm', { level: 9 })
})
afterAll(async () => {
  await runtime.close()
  server.close()
})

test('a replay of the same draft finds the same texts, sends nothing and asks nobody', async () => {
  const before = { sent: runtime.sandbox!.requests().length, asked }
  const found = await runtime.tryIt.replay('alarm', 20)
  expect(found).toMatchObject({ same: 4, changed: 0, new: 0, gone: 0, failed: 0, leftOut: 0 })
  expect(found.runs).toHaveLength(2)
  expect({ sent: runtime.sandbox!.requests().length, asked }).toEqual(before)
  expect(await runtime.listRuns({ function: 'alarm', limit: 10 })).toHaveLength(3)
})

test('a changed text is shown for each person, with what it was', async () => {
  draw('Level ${level} of 9, ${weather}', [ada, zoe])
  const found = await runtime.tryIt.replay('alarm', 1)
  expect(found).toMatchObject({ same: 0, changed: 2 })
  expect(found.runs[0]!.texts).toContainEqual({
    kind: 'changed',
    nodeId: 'text',
    name: 'Ada',
    phone: '+44****0001',
    before: 'Level 5, rain',
    after: 'Level 5 of 9, rain',
  })
})

test('texts appear and vanish with the people and the conditions of the draft', async () => {
  const bob = addMember(runtime, 'Bob', '+447700900003')
  draw('Level ${level}, ${weather}', [ada, bob], { smallest: 3 })
  const { runs, ...counts } = await runtime.tryIt.replay('alarm', 20)
  expect(counts).toMatchObject({ same: 1, changed: 0, new: 1, gone: 3 })
  expect(runs.map(({ texts }) => texts.map(({ kind, name }) => [kind, name]))).toEqual([
    [
      ['gone', 'Zoe'],
      ['new', 'Bob'],
    ],
    [
      ['gone', 'Ada'],
      ['gone', 'Zoe'],
    ],
  ])
})

test('a run that fails with the draft says why, and a node that nothing is recorded of is named', async () => {
  draw('Level ${level}, ${weather}', [ada, zoe], { isNew: true })
  const passedBy = await runtime.tryIt.replay('alarm', 1)
  expect(passedBy.runs[0]).toMatchObject({ statusAfter: 'done', changed: 2, notExecuted: ['other'] })

  const { revision, graph: draft } = runtime.functions.get('alarm')
  const inputs = [...draft.inputs, { name: 'site', title: '', type: 'text' as const, required: true }]
  runtime.functions.save('alarm', { revision, graph: { ...draft, inputs } })
  const failing = await runtime.tryIt.replay('alarm', 20)
  expect(failing).toMatchObject({ failed: 2, gone: 4 })
  expect(failing.runs[0]).toMatchObject({
    statusBefore: 'done',
    statusAfter: 'failed',
    error: { code: 'INPUT_INVALID' },
  })
})

test('a data folder that is only looked at stays as it is: what waits goes on at the next start', async () => {
  const folder = newFolder()
  const first = await openRuntime({ data: folder })
  first.functions.create({
    title: 'waits',
    name: 'waits',
    graph: flow({
      wait: { type: 'wait', params: { amount: fixed(3), unit: 'seconds' }, to: { next: 'end' } },
      end: returns('1'),
    }),
  })
  const { id } = await first.startRun({ functionName: 'waits', input: {}, trigger: 'library' })
  await expect.poll(async () => (await first.getRun(id))!.steps.length, { interval: 20 }).toBeGreaterThan(1)
  await first.close()

  const later = { now: () => new Date(Date.now() + 60_000), newId: systemSurroundings().newId }
  const asleep = await openRuntime({ data: folder, sandbox: false, isAsleep: true, surroundings: later })
  expect((await asleep.tryIt.replay('waits', 20)).runs).toEqual([])
  await setTimeout(100)
  expect((await asleep.getRun(id))!.status).toBe('running')
  await asleep.close()

  const awake = await openRuntime({ data: folder, surroundings: later })
  await expect.poll(async () => (await awake.getRun(id))!.status, { interval: 20 }).toBe('done')
  await awake.close()
})
