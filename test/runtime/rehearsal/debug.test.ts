import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DebugCommand, DebugEvent, DebugMode, DebugPause } from '../../../nodes/api/try-it.ts'
import type { JsonObject } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { assign, fixed, flow, formula, returns, sms } from '../../support/flow.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
let ada: string
let service: string

beforeAll(async () => {
  runtime = await openRuntime({ debugLimits: { most: 3, aloneMs: 50, wholeMs: 60_000 } })
  ada = addMember(runtime, 'Ada', '+447700900001')
  service = twilioService(runtime)
})
afterAll(() => runtime.close())

function create(name: string, graph: ReturnType<typeof flow>) {
  runtime.functions.create({ title: name, name, graph })
}

const sent = () => runtime.sandbox!.requests().length
const runsOf = (name: string) => runtime.listRuns({ function: name, limit: 10 })

/** Looks at a debug run as the page does. */
async function look(name: string, input: JsonObject = {}, pauseAtStart = false, mode: DebugMode = 'dry-run') {
  const id = await runtime.tryIt.debug(name, { input, mode, outcome: 'sent', pauseAtStart })
  const events: DebugEvent[] = []
  let news = Promise.withResolvers<undefined>()
  const leave = runtime.tryIt.sessions.watch(id, (event) => {
    events.push(event)
    news.resolve(undefined)
    news = Promise.withResolvers()
  })
  async function next<T extends DebugEvent['type']>(type: T): Promise<Extract<DebugEvent, { type: T }>> {
    for (;;) {
      const at = events.findIndex((event) => event.type === type)
      if (at >= 0) return events.splice(0, at + 1).at(-1) as Extract<DebugEvent, { type: T }>
      await news.promise
    }
  }
  return {
    id,
    leave,
    paused: async (): Promise<DebugPause> => (await next('paused')).pause,
    finished: async () => (await next('finished')).run,
    perform: (what: DebugCommand['do']) => runtime.tryIt.sessions.get(id).perform({ do: what }),
  }
}

describe('a debug run', () => {
  beforeAll(() => {
    create(
      'rounds',
      flow(
        {
          loop: {
            type: 'loop',
            params: { list: formula('names'), item: 'each' },
            to: { each: 'greet', done: 'text' },
          },
          greet: assign('greeting', 'each & "!"'),
          text: { ...sms(ada, service), to: { sent: 'end' } },
          end: returns('greeting'),
        },
        { inputs: [{ name: 'names', type: 'list', required: true }] },
      ),
    )
  })

  test('stops at a breakpoint in each round, with the variables and the way that led there', async () => {
    runtime.tryIt.data.change('rounds', { breakpoints: { greet: true } })
    const debug = await look('rounds', { names: ['Ada', 'Bob'] })
    expect(await debug.paused()).toMatchObject({
      nodeId: 'greet',
      variables: { each: 'Ada', names: ['Ada', 'Bob'] },
      stack: [
        { functionName: 'rounds', nodeId: 'greet' },
        { functionName: 'rounds', nodeId: 'loop', nodeType: 'loop', at: '1' },
      ],
    })
    debug.perform('continue')
    expect(await debug.paused()).toMatchObject({
      variables: { each: 'Bob', greeting: 'Ada!' },
      stack: [{ nodeId: 'greet' }, { nodeId: 'loop', at: '2' }],
    })
    debug.perform('continue')
    expect(await debug.finished()).toMatchObject({ status: 'done', output: 'Bob!', dryRun: 'sent' })
    runtime.tryIt.data.change('rounds', { breakpoints: { greet: false } })
  })

  test('takes one step at a time, and sees a breakpoint that is set meanwhile', async () => {
    const debug = await look('rounds', { names: ['Ada'] }, true)
    const places: string[] = []
    for (let steps = 0; steps < 3; steps++) {
      places.push((await debug.paused()).path)
      debug.perform('step-over')
    }
    places.push((await debug.paused()).path)
    expect(places).toEqual(['start', 'loop', 'loop:1/greet', 'text'])
    runtime.tryIt.data.change('rounds', { breakpoints: { end: true } })
    debug.perform('continue')
    expect(await debug.paused()).toMatchObject({
      nodeId: 'end',
      results: { text: { counts: { accepted: 1 } } },
    })
    runtime.tryIt.data.change('rounds', { breakpoints: { end: false } })
    debug.perform('continue')
    expect((await debug.finished()).status).toBe('done')
  })

  test('sends nothing and is kept nowhere', async () => {
    const before = sent()
    const debug = await look('rounds', { names: ['Ada'] })
    const run = await debug.finished()
    expect(run.steps.find(({ nodeId }) => nodeId === 'text')).toMatchObject({ xRay: { texted: 1 } })
    expect(sent()).toBe(before)
    expect(await runsOf('rounds')).toEqual([])
    expect(await runtime.getRun(run.id)).toBeUndefined()
  })

  test('ends where it is told to stop, without the steps that were to come', async () => {
    const debug = await look('rounds', { names: ['Ada'] }, true)
    await debug.paused()
    debug.perform('stop')
    expect(await debug.finished()).toMatchObject({ status: 'cancelled', steps: [] })
    expect(() => runtime.tryIt.sessions.get(debug.id)).toThrow('The debug run is over')
  })

  test('ends where nobody looks on any more, and gives its place to another one', async () => {
    const all = [await look('rounds', { names: [] }, true), await look('rounds', { names: [] }, true)]
    const never = await runtime.tryIt.debug('rounds', {
      mode: 'dry-run',
      input: { names: [] },
      outcome: 'sent',
      pauseAtStart: true,
    })
    await expect(look('rounds', { names: [] })).rejects.toMatchObject({ code: 'OVERLOADED' })
    for (const each of all) each.leave()
    await expect
      .poll(() => [never, ...all.map(({ id }) => id)].filter((id) => isOpen(id)), {
        interval: 20,
        timeout: 5_000,
      })
      .toEqual([])
    expect((await (await look('rounds', { names: [] })).finished()).status).toBe('failed')
  })

  test('refuses inputs that the function does not take', async () => {
    await expect(look('rounds', {})).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

function isOpen(id: string): boolean {
  try {
    return runtime.tryIt.sessions.get(id) !== undefined
  } catch {
    return false
  }
}

test('a debug run shows who called whom, and steps over calls', async () => {
  create(
    'inner',
    flow(
      { double: assign('twice', 'n * 2', 'end'), end: returns('twice') },
      { inputs: [{ name: 'n', type: 'number' }] },
    ),
  )
  create(
    'outer',
    flow({
      call: {
        type: 'call-function',
        params: { function: 'inner', inputs: { n: fixed(4) } },
        to: { next: 'end' },
      },
      end: returns('nodes.call.output'),
    }),
  )
  runtime.tryIt.data.change('inner', { breakpoints: { double: true } })
  const debug = await look('outer')
  expect(await debug.paused()).toMatchObject({
    functionName: 'inner',
    variables: { n: 4 },
    stack: [
      { functionName: 'inner', nodeId: 'double' },
      { functionName: 'outer', nodeId: 'call', nodeType: 'call-function' },
    ],
  })
  debug.perform('continue')
  expect(await debug.finished()).toMatchObject({ status: 'done', output: 8 })

  runtime.tryIt.data.change('inner', { breakpoints: { double: false } })
  runtime.tryIt.data.change('outer', { breakpoints: { call: true } })
  const over = await look('outer')
  expect((await over.paused()).nodeId).toBe('call')
  over.perform('step-over')
  expect(await over.paused()).toMatchObject({ functionName: 'outer', nodeId: 'end' })
  over.perform('continue')
  await over.finished()
  expect(await runsOf('inner')).toEqual([])
})

test('a debug run goes into a called function and out of it again', async () => {
  runtime.tryIt.data.change('outer', { breakpoints: { call: true } })
  const debug = await look('outer')
  expect((await debug.paused()).nodeId).toBe('call')
  debug.perform('step-into')
  const inside = await debug.paused()
  expect(inside).toMatchObject({ functionName: 'inner', nodeId: 'start' })
  expect(inside.stack.map(({ nodeId }) => nodeId)).toEqual(['start', 'call'])
  debug.perform('step-over')
  expect(await debug.paused()).toMatchObject({ functionName: 'inner', nodeId: 'double' })
  debug.perform('step-out')
  expect(await debug.paused()).toMatchObject({ functionName: 'outer', nodeId: 'end' })
  debug.perform('step-out')
  expect(await debug.finished()).toMatchObject({ status: 'done', output: 8 })
})

describe('a debug run that really sends', () => {
  const real = () => twilioService(runtime, { endpoint: 'http://127.0.0.1:9' })

  beforeAll(() => {
    create('texting', flow({ text: { ...sms(ada, service), to: { sent: 'end' } }, end: returns('1') }))
    create(
      'calling',
      flow({
        call: { type: 'call-function', params: { function: 'texting', inputs: {} }, to: { next: 'end' } },
        end: returns('nodes.call.output'),
      }),
    )
  })

  test('texts the sandbox phones step by step, and is kept with what it called', async () => {
    const before = sent()
    const debug = await look('calling', {}, true, 'sandbox')
    expect((await debug.paused()).nodeId).toBe('start')
    debug.perform('step-over')
    expect((await debug.paused()).nodeId).toBe('call')
    debug.perform('step-into')
    expect((await debug.paused()).stack).toMatchObject([
      { functionName: 'texting', nodeId: 'start' },
      { functionName: 'calling', nodeId: 'call' },
    ])
    debug.perform('step-over')
    expect((await debug.paused()).nodeId).toBe('text')
    expect(sent()).toBe(before)
    debug.perform('step-out')
    expect((await debug.paused()).functionName).toBe('calling')
    expect(sent()).toBe(before + 1)
    debug.perform('continue')
    const run = await debug.finished()
    expect(run).toMatchObject({ status: 'done', output: 1, trigger: 'debug' })
    expect(await runtime.getRun(run.id)).toMatchObject({ status: 'done' })
    const [called] = await runsOf('texting')
    expect(called).toMatchObject({ trigger: 'debug', status: 'done' })
  })

  test('stopped inside a called function, sends nothing more', async () => {
    runtime.tryIt.data.change('texting', { breakpoints: { text: true } })
    const before = sent()
    const debug = await look('calling', {}, false, 'sandbox')
    expect((await debug.paused()).nodeId).toBe('text')
    debug.perform('stop')
    expect((await debug.finished()).status).toBe('cancelled')
    expect((await runsOf('texting'))[0]).toMatchObject({ status: 'cancelled' })
    expect(sent()).toBe(before)
    runtime.tryIt.data.change('texting', { breakpoints: { text: false } })
  })

  test('does not take pinned outputs for what happened', async () => {
    runtime.tryIt.data.change('texting', { pins: { text: { port: 'sent', output: {} } } })
    const before = sent()
    await (await look('texting', {}, false, 'sandbox')).finished()
    expect(sent()).toBe(before + 1)
    runtime.tryIt.data.change('texting', { pins: { text: null } })
  })

  test('refuses a service that leads to real phones, before it begins and in what it calls', async () => {
    const id = real()
    create('seriously', flow({ text: { ...sms(ada, id), to: { sent: 'end' } }, end: returns('1') }))
    const refusal = { code: 'SANDBOX_ONLY', params: { service: runtime.services.get(id).name } }
    await expect(look('seriously', {}, false, 'sandbox')).rejects.toMatchObject(refusal)
    expect(await runsOf('seriously')).toEqual([])
    create(
      'through',
      flow({ call: { type: 'call-function', params: { function: 'seriously', inputs: {} } } }),
    )
    const run = await (await look('through', {}, false, 'sandbox')).finished()
    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'CALL_FAILED', params: { code: 'SANDBOX_ONLY' } },
    })
  })

  test('refuses a fail-over that leads to real phones', async () => {
    const other = twilioService(runtime, {}, { fallback: real() })
    create('behind', flow({ text: { ...sms(ada, other), to: { sent: 'end' } }, end: returns('1') }))
    await expect(look('behind', {}, false, 'sandbox')).rejects.toMatchObject({ code: 'SANDBOX_ONLY' })
  })

  test('goes on after a wait that took it out of the memory, and still stops', async () => {
    create(
      'waits',
      flow({
        wait: { type: 'wait', params: { amount: fixed(3), unit: 'seconds' }, to: { next: 'after' } },
        after: assign('x', '1', 'end'),
        end: returns('x'),
      }),
    )
    runtime.tryIt.data.change('waits', { breakpoints: { after: true } })
    const debug = await look('waits', {}, false, 'sandbox')
    expect((await debug.paused()).nodeId).toBe('after')
    debug.perform('continue')
    expect(await debug.finished()).toMatchObject({ status: 'done', output: 1 })
  })
})

test('parallel branches stand still while one of them is looked at', async () => {
  create(
    'both',
    flow({
      split: {
        type: 'parallel',
        params: { branches: [{ id: 'a' }, { id: 'b' }] },
        to: { a: 'left', b: 'right', done: 'end' },
      },
      left: assign('l', '1'),
      right: assign('r', '2'),
      end: returns('l + r'),
    }),
  )
  runtime.tryIt.data.change('both', { breakpoints: { left: true, right: true } })
  const debug = await look('both')
  const first = await debug.paused()
  expect(first.stack).toMatchObject([{ nodeId: 'left' }, { nodeId: 'split', at: 'a' }])
  debug.perform('continue')
  expect((await debug.paused()).stack).toMatchObject([{ nodeId: 'right' }, { nodeId: 'split', at: 'b' }])
  debug.perform('continue')
  expect(await debug.finished()).toMatchObject({ output: 3 })
})

describe('a pinned output', () => {
  const url = fixed('http://127.0.0.1:9/never')
  beforeAll(() => {
    create(
      'weather',
      flow({
        ask: { type: 'http-request', params: { url }, to: { done: 'text' } },
        text: { ...sms(ada, service), to: { sent: 'end' } },
        end: returns('nodes.ask.body'),
      }),
    )
    const pins = { ask: { port: 'done', output: { status: 200, body: 'rain' } } }
    runtime.tryIt.data.change('weather', { pins })
  })

  test('stands in for its node in a debug run and in a dry run that asks for it', async () => {
    const debugged = await (await look('weather')).finished()
    expect(debugged).toMatchObject({ status: 'done', output: 'rain' })
    const request = { functionName: 'weather', input: {}, trigger: 'page', dryRun: 'sent' } as const
    const dry = await (await runtime.startRun({ ...request, usesPins: true })).finished
    expect(dry).toMatchObject({ status: 'done', output: 'rain' })
    for (const { steps } of [debugged, dry, (await runtime.getRun(dry.id))!]) {
      expect(steps.find(({ nodeId }) => nodeId === 'ask')).toMatchObject({ standIn: 'pinned', port: 'done' })
    }
    const plain = await (await runtime.startRun(request)).finished
    expect(plain.steps.find(({ nodeId }) => nodeId === 'ask')).toMatchObject({ notExecuted: true })
  })

  test('is never used by a real run, not even where one asks for it', async () => {
    const request = { functionName: 'weather', input: {}, trigger: 'page', usesPins: true } as const
    const run = await (await runtime.startRun(request)).finished
    expect(run).toMatchObject({ status: 'failed', error: { code: 'HTTP_ADDRESS_REFUSED' } })
    expect(run.steps.find(({ nodeId }) => nodeId === 'ask')).not.toHaveProperty('standIn')
  })

  test('is no part of the graph: neither the draft, a version nor an export knows it', () => {
    const draft = JSON.stringify(runtime.functions.get('weather'))
    runtime.publish('weather')
    const version = JSON.stringify(runtime.functions.graph('weather', 'published'))
    const exported = JSON.stringify(runtime.transfer.export('weather'))
    for (const text of [draft, version, exported]) expect(text).not.toContain('rain')
  })

  test('that sets variables sets them, and one whose port is gone is passed over', async () => {
    create('vars', flow({ set: assign('x', '1', 'end'), end: returns('x') }))
    runtime.tryIt.data.change('vars', { pins: { set: { port: 'next', output: { x: 41 } } } })
    expect(await (await look('vars')).finished()).toMatchObject({ output: 41 })
    runtime.tryIt.data.change('vars', { pins: { set: { port: 'other', output: { x: 41 } } } })
    expect(await (await look('vars')).finished()).toMatchObject({ output: 1 })
  })
})

describe('what is kept to try a function', () => {
  test('changes entry by entry, and goes with the function', () => {
    create('kept', flow({ end: returns('1') }))
    const { data } = runtime.tryIt
    data.change('kept', { samples: { night: { device: 'Pump 7' } }, breakpoints: { end: true } })
    data.change('kept', { samples: { day: {} }, pins: { end: { port: 'next' } } })
    expect(data.change('kept', { samples: { day: null }, breakpoints: { end: false } })).toEqual({
      samples: { night: { device: 'Pump 7' } },
      pins: { end: { port: 'next' } },
      breakpoints: [],
    })
    runtime.functions.delete('kept')
    expect(() => data.get('kept')).toThrow('There is no function')
    create('kept', flow({ end: returns('1') }))
    expect(data.get('kept')).toEqual({ samples: {}, pins: {}, breakpoints: [] })
  })

  test('is limited', () => {
    create('full', flow({ end: returns('1') }))
    const samples = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`s${index}`, {}]))
    expect(() => runtime.tryIt.data.change('full', { samples })).toThrow('no room')
    expect(runtime.tryIt.data.get('full').samples).toEqual({})
  })
})
