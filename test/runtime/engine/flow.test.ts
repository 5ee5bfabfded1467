import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { assign, fixed, flow, formula, returns, sms } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { addMember, openRuntime, twilioService } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

const ADA = '+12025550101'
const BO = '+12025550102'

let runtime: LocalRuntime
let clock: ReturnType<typeof movingClock>
let data: string
async function open() {
  runtime = await openRuntime({ data, surroundings: clock })
}
beforeEach(async () => {
  clock = movingClock('2026-03-02T10:00:00Z')
  data = newFolder()
  await open()
})
afterEach(() => runtime.close())

const start = (
  nodes: Record<string, FlowNode>,
  input: JsonObject = {},
  inputs: { name: string; type: string }[] = [],
) => runtime.startRun({ graph: flow(nodes, { inputs }), input, trigger: 'library' })
const run = async (...given: Parameters<typeof start>) => (await start(...given)).finished
const paths = ({ steps }: { steps: { path: string }[] }) => steps.map(({ path }) => path)
const textsTo = (phone: string) => runtime.sandbox!.messages(1_000).filter(({ to }) => to === phone).length

describe('Loop', () => {
  it('walks its body for every item and hands variables on', async () => {
    const ended = await run({
      zero: assign('total', '0', 'loop'),
      loop: {
        type: 'loop',
        params: { list: fixed([3, 4, 5]), index: 'round', collect: formula('total * 10') },
        to: { each: 'add', done: 'end' },
      },
      add: assign('total', 'total + item * round'),
      end: returns(
        'CONCAT(total, " ", JOIN(nodes.loop.results, "/"), " ", nodes.loop.count, " ", item, round)',
      ),
    })
    expect(ended).toMatchObject({ status: 'done', output: '26 30/110/260 3 53' })
    expect(paths(ended)).toEqual(['start', 'zero', 'loop', 'loop:1/add', 'loop:2/add', 'loop:3/add', 'end'])
  })

  it('takes a number for a list, and ends early', async () => {
    const ended = await run({
      loop: {
        type: 'loop',
        params: { list: fixed(100), until: formula('item >= 4') },
        to: { each: 'keep', done: 'end' },
      },
      keep: assign('last', 'item'),
      end: returns('CONCAT(last, nodes.loop.count, item)'),
    })
    expect(ended.output).toBe('444')
  })

  it('gives rounds that go on at the same time variables of their own', async () => {
    const ended = await run({
      seed: assign('mine', '0', 'loop'),
      loop: {
        type: 'loop',
        params: { list: fixed([1, 2, 3, 4]), atOnce: 2, collect: formula('mine') },
        to: { each: 'add', done: 'end' },
      },
      add: assign('mine', 'mine + item'),
      end: returns('CONCAT(JOIN(nodes.loop.results, " "), "|", mine)'),
    })
    expect(ended.output).toBe('1 2 3 4|0')
  })

  it.each([
    [{ list: fixed('text') }, 'LOOP_INVALID'],
    [{ list: fixed(2.5) }, 'LOOP_INVALID'],
    [{ list: fixed(11), limit: 10 }, 'LOOP_TOO_LONG'],
    [{ list: fixed(1), until: formula('"yes"') }, 'LOOP_INVALID'],
  ])('refuses %j', async (params, code) => {
    const ended = await run({ loop: { type: 'loop', params } })
    expect(ended).toMatchObject({ status: 'failed', error: { code, nodeId: 'loop' } })
  })

  it('ends the run where its body returns', async () => {
    const ended = await run({
      loop: { type: 'loop', params: { list: fixed(3) }, to: { each: 'is2', done: 'end' } },
      is2: {
        type: 'condition',
        params: { branches: [{ id: 'yes', title: '', when: formula('item = 2') }] },
        to: { yes: 'inside' },
      },
      inside: returns('CONCAT("in round ", item)'),
      end: returns('"behind"'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 'in round 2' })
  })

  it('stands in loops', async () => {
    const ended = await run({
      outer: {
        type: 'loop',
        params: { list: fixed([1, 2]), item: 'a', collect: formula('JOIN(nodes.inner.results, "/")') },
        to: { each: 'inner', done: 'end' },
      },
      inner: {
        type: 'loop',
        params: { list: fixed([10, 20]), item: 'b', collect: formula('a * b') },
        to: { each: 'see' },
      },
      see: assign('seen', 'a + b'),
      end: returns('CONCAT(JOIN(nodes.outer.results, " "), "|", seen)'),
    })
    expect(ended.output).toBe('10/20 20/40|22')
    expect(paths(ended)).toContain('outer:2/inner:1/see')
  })

  it('texts each person once over a restart in the middle, by the list as it was', async () => {
    const people = [addMember(runtime, 'Ada', ADA), addMember(runtime, 'Bo', BO)]
    const service = twilioService(runtime)
    const nodes = {
      loop: {
        type: 'loop',
        params: { list: formula('people'), item: 'who' },
        to: { each: 'sms', done: 'end' },
      },
      sms: {
        ...sms(people[0]!, service),
        params: {
          ...sms(people[0]!, service).params,
          recipients: [{ kind: 'value', value: { kind: 'formula', source: 'who' } }],
        } as unknown as FlowNode['params'] & {},
        to: { sent: 'wait', partly: 'wait', failed: 'wait' },
      },
      wait: { type: 'wait', params: { amount: fixed(1), unit: 'hours' } },
      end: returns('nodes.loop.count'),
    }
    const { id } = await start(nodes, { people: [ADA, BO] }, [{ name: 'people', type: 'list' }])
    await expect.poll(() => textsTo(ADA)).toBe(1)
    await runtime.close()
    await open()
    expect(textsTo(BO)).toBe(0)
    await runtime.close()
    clock.advance(3_600_000)
    await open()
    await expect.poll(() => textsTo(BO)).toBe(1)
    await runtime.close()
    clock.advance(3_600_000)
    await open()
    await expect.poll(async () => (await runtime.getRun(id))!.output).toBe(2)
    expect([textsTo(ADA), textsTo(BO)]).toEqual([1, 1])
    expect(paths((await runtime.getRun(id))!)).toEqual([
      ...['start', 'loop:1/sms', 'loop:1/wait', 'loop:2/sms', 'loop:2/wait', 'loop', 'end'],
    ])
  })
})

describe('Errors', () => {
  const failing: FlowNode = { type: 'throw-error', params: { message: formula('CONCAT("no ", 7)') } }

  it('end the run with the author’s message', async () => {
    const ended = await run({ stop: failing })
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'ERROR_THROWN', message: 'no 7', nodeId: 'stop' },
    })
  })

  it('go on at the error port of the step that failed', async () => {
    const ended = await run({
      bad: {
        ...assign('x', '"a" * 2'),
        onError: 'branch',
        to: { next: 'end', error: 'mended' },
      },
      end: returns('"no error"'),
      mended: returns('CONCAT(nodes.bad.error.code, " at ", nodes.bad.error.nodeId)'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 'FORMULA_TYPE at bad' })
    expect(ended.steps[1]).toMatchObject({ status: 'failed', port: 'error', error: { code: 'FORMULA_TYPE' } })
  })

  it('end the run where nothing follows the error port', async () => {
    const ended = await run({ bad: { ...assign('x', '"a" * 2'), onError: 'branch' } })
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'FORMULA_TYPE' } })
  })

  it('in a body go on at Try, with what was set before', async () => {
    const ended = await run({
      try: { type: 'try', to: { body: 'before', done: 'fine', error: 'caught' } },
      before: assign('before', '"set"', 'stop'),
      stop: failing,
      fine: returns('"fine"'),
      caught: returns('CONCAT(nodes.try.error.message, ", ", before)'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 'no 7, set' })
  })

  it('pass a loop and are caught outside', async () => {
    const ended = await run({
      try: { type: 'try', to: { body: 'loop', done: 'fine', error: 'caught' } },
      loop: { type: 'loop', params: { list: fixed(3), atOnce: 3 }, to: { each: 'stop' } },
      stop: failing,
      fine: returns('"fine"'),
      caught: returns('nodes.try.error.nodeId'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 'stop' })
  })
})

describe('Parallel', () => {
  const branches = [
    { id: 'left', title: '' },
    { id: 'right', title: '' },
  ]

  it('walks branches at the same time, and knows afterwards what each has set', async () => {
    const ended = await run({
      both: { type: 'parallel', params: { branches }, to: { left: 'l1', right: 'r1', done: 'end' } },
      l1: { type: 'wait', params: { amount: fixed(0.05), unit: 'seconds' }, to: { next: 'l2' } },
      l2: assign('l', '"left"'),
      r1: assign('r', '"right"'),
      end: returns('CONCAT(l, " and ", r)'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 'left and right' })
  })

  it('goes on with the first, stops the waits of the others and takes back what has not left', async () => {
    const member = addMember(runtime, 'Ada', ADA)
    const service = twilioService(runtime, {}, { quietFrom: '00:00', quietUntil: '23:59', timeZone: 'UTC' })
    const ended = await run({
      both: {
        type: 'parallel',
        params: { branches: [...branches, { id: 'third', title: '' }], join: 'first' },
        to: { left: 'l1', right: 'r1', third: 'text', done: 'end' },
      },
      l1: { type: 'wait', params: { amount: fixed(3), unit: 'days' } },
      r1: { type: 'wait', params: { amount: fixed(0.2), unit: 'seconds' }, to: { next: 'r2' } },
      r2: assign('who', '"right"'),
      text: sms(member, service),
      end: returns('CONCAT(nodes.both.first, " ", who)'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 'right right' })
    expect(ended.steps.find(({ path }) => path.endsWith('/text'))!.messages).toMatchObject([
      { state: 'cancelled' },
    ])
    expect(textsTo(ADA)).toBe(0)
  })

  it('keeps every step of branches that text in the same moment', async () => {
    const service = twilioService(runtime)
    const [ada, bo] = [addMember(runtime, 'Ada', ADA), addMember(runtime, 'Bo', BO)]
    const ended = await run({
      both: { type: 'parallel', params: { branches }, to: { left: 'l', right: 'r', done: 'end' } },
      l: sms(ada, service),
      r: sms(bo, service),
      end: returns('1'),
    })
    const kept = (await runtime.getRun(ended.id))!
    expect(paths(kept).toSorted()).toEqual(paths(ended).toSorted())
  })

  it('rests while all of its branches wait, and knows after a restart what they had set', async () => {
    const waiting = (hours: number, next: string): FlowNode => ({
      type: 'wait',
      params: { amount: fixed(hours), unit: 'hours' },
      to: { next },
    })
    const { id } = await start({
      both: { type: 'parallel', params: { branches }, to: { left: 'l0', right: 'r1', done: 'late' } },
      l0: assign('l', '1', 'l1'),
      l1: waiting(1, 'l2'),
      l2: assign('l', 'l + 1'),
      r1: waiting(2, 'r2'),
      r2: assign('r', '10'),
      late: waiting(1, 'end'),
      end: returns('CONCAT(l, " ", r)'),
    })
    for (let hour = 0; hour < 3; hour++) {
      await runtime.close()
      clock.advance(3_600_000)
      await open()
    }
    await expect.poll(async () => (await runtime.getRun(id))!.output).toBe('2 10')
  })
})

describe('Wait', () => {
  it('survives restarts, shows itself meanwhile, and can be cancelled', async () => {
    const nodes = {
      wait: { type: 'wait', params: { amount: fixed(5), unit: 'days' }, to: { next: 'end' } },
      end: returns('1'),
    }
    const [first, second] = [await start(nodes), await start(nodes)]
    await runtime.close()
    await open()
    const waiting = (await runtime.getRun(first.id))!
    expect(waiting.status).toBe('running')
    expect(waiting.steps.at(-1)).toMatchObject({ path: 'wait', status: 'running' })
    expect(
      Date.parse((waiting.steps.at(-1)!.input as { until: string }).until) - clock.now().getTime(),
    ).toBeGreaterThan(4.99 * 86_400_000)
    await runtime.cancelRun(second.id)
    await expect.poll(async () => (await runtime.getRun(second.id))!.status).toBe('cancelled')
    await runtime.close()
    clock.advance(5 * 86_400_000)
    await open()
    await expect.poll(async () => (await runtime.getRun(first.id))!.status).toBe('done')
  })

  it('goes on at its time, whoever started the run hears of it', async () => {
    const { finished } = await start({
      wait: {
        type: 'wait',
        params: { mode: 'until', until: fixed('2026-03-02T10:00:03Z') },
        to: { next: 'end' },
      },
      end: returns('"over"'),
    })
    expect(await finished).toMatchObject({ output: 'over' })
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(Date.parse('2026-03-02T10:00:03Z'))
  })

  it.each([
    [{ amount: fixed('soon') }],
    [{ amount: fixed(-1) }],
    [{ mode: 'until', until: fixed('tomorrow') }],
    [{ amount: fixed(20_000), unit: 'days' }],
  ])('refuses %j', async (params) => {
    expect(await run({ wait: { type: 'wait', params } })).toMatchObject({ error: { code: 'WAIT_INVALID' } })
  })
})

describe('Call Function', () => {
  const save = (
    name: string,
    nodes: Record<string, FlowNode>,
    inputs: { name: string; type: string }[] = [],
  ) => runtime.functions.create({ title: name, name, graph: flow(nodes, { name, inputs }) })
  const call = (name: string, more: Record<string, unknown> = {}): FlowNode => ({
    type: 'call-function',
    params: { function: name, ...more } as FlowNode['params'] & {},
    to: { next: 'end' },
  })

  it('runs another function and goes on with what it returns', async () => {
    save('double', { end: returns('n * 2') }, [{ name: 'n', type: 'number' }])
    const ended = await run({
      call: call('double', { inputs: { n: formula('20 + 1') } }),
      end: returns('nodes.call.output'),
    })
    expect(ended).toMatchObject({ status: 'done', output: 42 })
    const { run: id } = ended.steps[1]!.output as { run: string }
    expect(await runtime.getRun(id)).toMatchObject({
      functionName: 'double',
      trigger: 'function',
      caller: { run: ended.id, path: 'call' },
    })
  })

  it('fails with the other function, says why, and can go on at its error port', async () => {
    save('broken', { stop: { type: 'throw-error', params: { message: fixed('no water') } } })
    expect(await run({ call: call('broken'), end: returns('1') })).toMatchObject({
      status: 'failed',
      error: { code: 'CALL_FAILED', params: { function: 'broken', reason: 'no water' } },
    })
  })

  it('says that the function is not there, or is no more', async () => {
    save('caller', { call: call('nowhere'), end: returns('1') })
    const missing = { status: 'failed', error: { code: 'FUNCTION_MISSING', params: { name: 'nowhere' } } }
    expect(await runtime.run('caller')).toMatchObject(missing)
  })

  it('publishes no function that calls one that is not there, or was never published', async () => {
    save('caller', { call: call('later'), end: returns('nodes.call.output') })
    const refused = (key: string) =>
      expect(() => runtime.publish('caller')).toThrow(
        expect.objectContaining({
          code: 'GRAPH_NOT_READY',
          fields: [expect.objectContaining({ path: 'nodes/call/function', key })],
        }),
      )
    refused('functionMissing')
    save('later', { end: returns('7') })
    refused('functionNotPublished')
    expect(await runtime.run('caller')).toMatchObject({ status: 'done', output: 7 })
    runtime.publish('later')
    runtime.publish('caller')
    runtime.functions.delete('later')
    expect(await runtime.run('caller')).toMatchObject({ error: { code: 'FUNCTION_MISSING', nodeId: 'call' } })
    save('itself', { call: call('itself'), end: returns('1') })
    runtime.publish('itself')
  })

  it('refuses functions that call each other without end', async () => {
    save('round', { call: call('round'), end: returns('1') })
    const { id, finished } = await runtime.startRun({ functionName: 'round', input: {}, trigger: 'library' })
    expect(await finished).toMatchObject({ status: 'failed', error: { code: 'CALL_FAILED' } })
    const all = await runtime.listRuns({ limit: 100 })
    expect(all.length).toBe(17)
    expect((await runtime.getRun(all[0]!.id))!.error).toMatchObject({ code: 'CALL_TOO_DEEP' })
    expect(all.at(-1)!.id).toBe(id)
  })

  it('calls once over restarts, and hears of the end of a run that takes days', async () => {
    save('slow', {
      wait: { type: 'wait', params: { amount: fixed(2), unit: 'days' }, to: { next: 'end' } },
      end: returns('7'),
    })
    const { id } = await start({ call: call('slow'), end: returns('nodes.call.output + 1') })
    await expect.poll(async () => (await runtime.listRuns({ limit: 10 })).length).toBe(2)
    await runtime.close()
    await open()
    clock.advance(2 * 86_400_000)
    await runtime.close()
    await open()
    await expect.poll(async () => (await runtime.getRun(id))!.output).toBe(8)
    expect(await runtime.listRuns({ limit: 10 })).toHaveLength(2)
  })

  it('does not wait where it need not, and cancels what it waits for', async () => {
    save('slow', { wait: { type: 'wait', params: { amount: fixed(2), unit: 'days' } } })
    expect(await run({ call: call('slow', { wait: false }), end: returns('"on"') })).toMatchObject({
      output: 'on',
    })
    const { id } = await start({ call: call('slow'), end: returns('1') })
    await expect.poll(async () => (await runtime.listRuns({ limit: 10 })).length).toBe(4)
    await runtime.cancelRun(id)
    await expect
      .poll(async () => (await runtime.listRuns({ limit: 10 })).map(({ status }) => status).toSorted())
      .toEqual(['cancelled', 'cancelled', 'done', 'running'])
  })
})

describe('Set Item', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['list', { action: 'append', value: fixed(3) }, [1, 2, 3]],
    ['list', { action: 'set', key: fixed(2), value: fixed('b') }, [1, 'b']],
    ['list', { action: 'remove', key: fixed(1) }, [2]],
    ['list', { action: 'set', key: fixed(3), value: fixed(0) }, 'ITEM_INVALID'],
    ['thing', { action: 'set', key: fixed('b'), value: fixed(2) }, { a: 1, b: 2 }],
    ['thing', { action: 'remove', key: fixed('a') }, {}],
    ['thing', { action: 'set', key: fixed('__proto__'), value: fixed(2) }, 'ITEM_INVALID'],
    ['7', { action: 'append', value: fixed(2) }, 'ITEM_INVALID'],
  ])('%s %j', async (source, params, expected) => {
    const ended = await run(
      {
        make: assign('it', source, 'change'),
        change: {
          type: 'set-item',
          params: { name: 'it', ...params } as FlowNode['params'] & {},
          to: { next: 'end' },
        },
        end: returns('it'),
      },
      { thing: { a: 1 }, list: [1, 2] },
      [
        { name: 'thing', type: 'object' },
        { name: 'list', type: 'list' },
      ],
    )
    if (typeof expected === 'string') expect(ended.error).toMatchObject({ code: expected })
    else expect(ended.output).toEqual(expected)
  })
})
