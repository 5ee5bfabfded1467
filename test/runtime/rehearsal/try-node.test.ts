import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { assign, fixed, flow, formula, returns, sms } from '../../support/flow.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
beforeAll(async () => {
  runtime = await openRuntime()
  const ada = addMember(runtime, 'Ada', '+447700900001')
  const service = twilioService(runtime)
  const text = sms(ada, service, '${what} is down')
  runtime.functions.create({
    title: 'Single',
    name: 'single',
    graph: flow(
      {
        name: assign('what', 'device & " 7"', 'text'),
        text: {
          ...text,
          params: { ...text.params, variables: { what: { kind: 'variable', path: 'what' } } },
          to: { sent: 'loop' },
        },
        loop: {
          type: 'loop',
          params: { list: fixed([1, 2]), item: 'n' },
          to: { each: 'add', done: 'ask' },
        },
        add: assign('sum', 'n * 10'),
        ask: {
          type: 'http-request',
          params: { method: 'POST', url: fixed('http://127.0.0.1:9/never?q=1') },
          to: { done: 'end' },
        },
        end: returns('nodes.text.counts.accepted'),
      },
      { inputs: [{ name: 'device', type: 'text', required: true }] },
    ),
  })
})
afterAll(() => runtime.close())

const attempt = (nodeId: string, input = {}) =>
  runtime.tryIt.tryNode('single', { nodeId, input, outcome: 'sent' })

describe('a single node', () => {
  test('says what it lacks where no run lends its values', async () => {
    expect(await attempt('name')).toMatchObject({ status: 'failed', error: { nodeId: 'name' } })
  })

  test('works with typed inputs and shows what it sets, and nothing behind it', async () => {
    const run = await attempt('name', { device: 'Pump' })
    expect(run).toMatchObject({ status: 'done', dryRun: 'sent' })
    expect(run.steps).toMatchObject([{ nodeId: 'name', output: { what: 'Pump 7' } }])
  })

  test('of SMS shows who would get which text, with the values of the last run, and sends nothing', async () => {
    await runtime.run('single', { device: 'Fan' })
    const before = runtime.sandbox!.requests().length
    const { steps } = await attempt('text')
    expect(steps).toMatchObject([{ nodeId: 'text', port: 'sent', xRay: { texted: 1 } }])
    expect(steps[0]!.xRay!.texts[0]!.text).toBe('Fan 7 is down')
    expect(runtime.sandbox!.requests()).toHaveLength(before)
  })

  test('prefers a pinned output of a node before it', async () => {
    runtime.tryIt.data.change('single', { pins: { name: { port: 'next', output: { what: 'Valve 9' } } } })
    const { steps } = await attempt('text')
    expect(steps[0]!.xRay!.texts[0]!.text).toBe('Valve 9 is down')
    runtime.tryIt.data.change('single', { pins: { name: null } })
  })

  test('with a body walks its body', async () => {
    const run = await attempt('loop')
    expect(run.steps.map(({ path }) => path).sort()).toEqual(['loop', 'loop:1/add', 'loop:2/add'])
  })

  test('that asks the web shows what it would ask for, and asks nobody', async () => {
    const { steps } = await attempt('ask')
    expect(steps).toMatchObject([
      { status: 'done', notExecuted: true, input: { method: 'POST', url: 'http://127.0.0.1:9/never' } },
    ])
  })

  test('runs although other nodes are not ready, and is refused where it is not ready itself', async () => {
    const { graph, revision } = runtime.functions.get('single')
    const nodes = graph.nodes.map((node) => (node.id === 'text' ? { ...node, params: {} } : node))
    runtime.functions.save('single', { revision, graph: { ...graph, nodes } })
    expect(await attempt('name', { device: 'Pump' })).toMatchObject({ status: 'done' })
    await expect(attempt('text')).rejects.toMatchObject({ code: 'GRAPH_NOT_READY' })
    await expect(attempt('nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(attempt('start')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('formulas see results of the last run', async () => {
  const { graph, revision } = runtime.functions.get('single')
  const nodes = graph.nodes.map((node) =>
    node.id === 'end' ? { ...node, params: { value: formula('nodes.text.counts.accepted + 1') } } : node,
  )
  runtime.functions.save('single', { revision, graph: { ...graph, nodes } })
  expect(await attempt('end')).toMatchObject({ status: 'done', output: 2 })
})
