import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GraphError } from '../../nodes/errors.ts'
import { parseGraphText } from '../../nodes/graph/load-graph.ts'
import { MOST_PROBLEMS, validateGraph } from '../../nodes/graph/validate-graph.ts'
import type { Problem } from '../../nodes/graph/problems.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import type { Json } from '../../nodes/json.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import { assign, fixed, flow, formula, returns } from '../support/flow.ts'
import type { FlowNode } from '../support/flow.ts'
import { connection } from '../support/graphs.ts'
import { openRuntime } from '../support/open-runtime.ts'

const place = { position: { x: 0, y: 0 } }
const node = (id: string, type: string, params: Record<string, Json> = {}) => ({ id, type, ...place, params })
const file = (nodes: object[], connections: object[] = [], more: object = {}) => ({
  ...{ format: 1, id: 'g', name: 'g', title: 'G' },
  nodes: [node('start', 'start'), ...nodes],
  connections,
  ...more,
})
const good = JSON.stringify(file([]))
const count = <Item>(length: number, make: (index: number) => Item) =>
  Array.from({ length }, (_, index) => make(index))

function refusal(document: object | string): GraphError {
  try {
    parseGraphText(typeof document === 'string' ? document : JSON.stringify(document))
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
  throw new Error('The file was taken')
}
const problemsOf = (document: object): Problem[] =>
  validateGraph(parseGraphText(JSON.stringify(document)), nodeDefinitions, { services: [] })

describe('a hostile text', () => {
  it.each<[name: string, text: string, expected: object]>([
    ['a million brackets', '['.repeat(1_000_000), { params: { reason: 'tooDeep', limit: 64 } }],
    [
      'a million closed brackets',
      '['.repeat(1e6) + ']'.repeat(1e6),
      { params: { reason: 'tooDeep', limit: 64 } },
    ],
    ['a text of 50 MB', `{"format":1,"title":"${'x'.repeat(5e7)}"}`, { code: 'GRAPH_TOO_LARGE' }],
    ['400,000 keys', `{"format":1,${count(4e5, (at) => `"k${at}":1`).join()}}`, { code: 'GRAPH_INVALID' }],
    ['a key of 4 MB', `${good.slice(0, -1)},"${'k'.repeat(4e6)}":1}`, { params: { reason: 'unknownKey' } }],
    [
      'the same key twice: the last one counts',
      `${good.slice(0, -1)},"format":99}`,
      { code: 'GRAPH_TOO_NEW' },
    ],
    ['__proto__', `${good.slice(0, -1)},"__proto__":{"admin":true}}`, { params: { reason: 'forbiddenKey' } }],
    [
      'escaped __proto__',
      `${good.slice(0, -1)},"\\u005f_proto__":{}}`,
      { params: { reason: 'forbiddenKey' } },
    ],
    [
      'a number that is none',
      good.replace('"format":1', '"format":1e999'),
      { params: { reason: 'noFormat' } },
    ],
    ['half a text', good.slice(0, good.length / 2), { params: { reason: 'notJson' } }],
  ])('is refused with its reason: %s', { timeout: 60_000 }, (_, text, expected) => {
    const error = refusal(text)
    expect(error).toMatchObject(expected)
    expect(error.hint).toBeTruthy()
    expect(error.message.length + error.path.length).toBeLessThan(1_000)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('may hold half a character in a title', () => {
    expect(parseGraphText(good.replace('"G"', String.raw`"\ud800"`)).title).toBe('\ud800')
  })
})

describe('a huge graph', () => {
  it.each([
    ['nodes', file(count(5_000, (at) => node(`n${at}`, 'comment'))), 2_000],
    [
      'connections',
      file(
        [],
        count(20_000, (at) => connection('start', `p${at}`, 'start')),
      ),
      10_000,
    ],
    ['inputs', file([], [], { inputs: count(101, (at) => ({ name: `a${at}` })) }), 100],
    ['title', file([], [], { title: 'x'.repeat(201) }), 200],
  ])('is refused with its limit: %s', { timeout: 60_000 }, (path, document, limit) => {
    expect(refusal(document)).toMatchObject({
      path,
      params: { path, limit },
      message: expect.stringContaining(String(limit)),
    })
  })

  const ids = count(1_990, (at) => `n${at}`)
  const list = { list: fixed(3), collect: formula('item') }
  const chain = (first: string, next: string) =>
    ids.map((id, at) => connection(at === 0 ? 'start' : ids[at - 1]!, at === 0 ? first : next, id))
  const branches = count(19, (at) => ({ id: `b${at}`, title: '' }))
  const fans = ids.slice(0, 500)
  const long = (at: number) => `v${String(at).padStart(5, '0')}${'x'.repeat(50)}`

  it.each<[name: string, document: object, keys: string[]]>([
    [
      'loops in loops',
      file(
        ids.map((id) => node(id, 'loop', list)),
        chain('next', 'each'),
      ),
      [],
    ],
    [
      'loops after loops',
      file(
        ids.map((id) => node(id, 'loop', list)),
        chain('next', 'done'),
      ),
      [],
    ],
    [
      'loops in a circle',
      file(
        ids.map((id) => node(id, 'loop', list)),
        [...chain('next', 'each'), connection(ids.at(-1)!, 'done', ids[0]!)],
      ),
      ['loop', 'bodyShared'],
    ],
    [
      'branches in branches',
      file(
        fans.map((id) => node(id, 'parallel', { branches })),
        [
          connection('start', 'next', 'n0'),
          ...fans.flatMap((id, at) =>
            branches.flatMap((branch, way) =>
              at + way + 1 < fans.length ? [connection(id, branch.id, fans[at + way + 1]!)] : [],
            ),
          ),
        ],
      ),
      ['bodyShared'],
    ],
    [
      'names that are nearly there',
      file(
        ids.map((id, at) => node(id, 'assign-variable', { name: long(at), value: formula(`${long(at)}y`) })),
        chain('next', 'next'),
      ),
      ['formula.nameDidYouMean', 'formula.unknownName'],
    ],
    [
      'recipients that are none',
      file(ids.map((id) => node(id, 'sms-notification', { recipients: count(50, () => ({ kind: 'x' })) }))),
      ['startUnconnected', 'unreachable', 'paramInvalid', 'paramRequired'],
    ],
  ])('is checked in bounded time: %s', { timeout: 60_000 }, (_, document, keys) => {
    const problems = problemsOf(document)
    expect(problems.filter(({ key }) => !keys.includes(key))).toEqual([])
    const errors = problems.filter(({ severity }) => severity === 'error')
    expect(errors.length).toBeLessThanOrEqual(MOST_PROBLEMS)
    expect(errors.length > 0).toBe(keys.length > 0)
  })

  it('is refused where a node leads to itself, with the place', () => {
    const document = file([node('a', 'loop', list)], [connection('a', 'each', 'a')])
    expect(refusal(document)).toMatchObject({
      path: 'connections/0',
      params: { reason: 'connectedToItself' },
    })
  })
})

describe('texts that make careless patterns work for ever', { timeout: 60_000 }, () => {
  const evil = [
    ...[
      'a'.repeat(50_000),
      `${'a'.repeat(50_000)}!`,
      ' '.repeat(50_000),
      '\t'.repeat(50_000),
      '-'.repeat(50_000),
    ],
    ...['${'.repeat(25_000), '${a'.repeat(16_000), '%'.repeat(50_000), `http://${'a.'.repeat(25_000)}`],
    ...[`+${'1'.repeat(50_000)}`, `2${'xx,2'.repeat(12_000)}`, '2-'.repeat(25_000), 'a@'.repeat(25_000)],
    ...[`"${'\\"'.repeat(25_000)}`, '1e'.repeat(25_000), '2026-01-01T'.repeat(4_500), '[1'.repeat(25_000)],
  ]

  it.each(evil.map((text) => [`${text.slice(0, 12)} …`, text]))('are read in bounded time: %s', (_, text) => {
    const value = fixed(text)
    const document = file([
      node('assign', 'assign-variable', { name: text.slice(0, 60), value: formula(text.slice(0, 10_000)) }),
      node('variable', 'return', { value: { kind: 'variable', path: text.slice(0, 500) } }),
      node('http', 'http-request', {
        ...{ url: value, success: text, method: text },
        headers: [{ name: text, value: { kind: 'secret', secret: text, prefix: text } }],
        query: [{ name: text, value }],
      }),
      node('url', 'http-request', { url: value, success: text.slice(0, 100) }),
      node('sms', 'sms-notification', {
        ...{ service: text, template: text, templateCode: text, templateText: text },
        recipients: [
          { kind: 'value', value },
          { kind: 'member', id: text },
        ],
        variables: { [text]: value },
      }),
      node('text', 'sms-notification', {
        ...{ service: 's', templateText: text.slice(0, 1_600), recipients: [{ kind: 'value', value }] },
      }),
      node('call', 'call-function', { function: text, inputs: { [text]: value } }),
      node('which', 'condition', { branches: [{ id: text, title: text, when: value }] }),
      node('until', 'wait', { mode: 'until', until: value }),
    ])
    expect(problemsOf(document).length).toBeGreaterThan(5)
  })
})

describe('a graph that works without end', { timeout: 60_000 }, () => {
  let runtime: LocalRuntime
  const unforeseen: unknown[] = []
  beforeAll(async () => {
    runtime = await openRuntime({ sandbox: false, unforeseen: (error) => unforeseen.push(error) })
  })
  afterAll(async () => {
    expect(unforeseen).toEqual([])
    await runtime.close()
  })
  const run = async (nodes: Record<string, FlowNode>) => {
    const handle = await runtime.startRun({ graph: flow(nodes), input: {}, trigger: 'library' })
    return handle.finished
  }
  const loop = (list: Json, each: string, more = {}): FlowNode => ({
    type: 'loop',
    params: { list: fixed(list), limit: 10_000, ...more },
    to: { each, done: 'end' },
  })
  const end = returns('1')

  it('is stopped by the limit of its loop', async () => {
    expect(await run({ loop: loop(1e9, 'a'), a: assign('x', '1'), end })).toMatchObject({
      status: 'failed',
      error: { code: 'LOOP_TOO_LONG', params: { count: 1e9, limit: 10_000 } },
    })
  })

  it('is stopped by the budget of its steps', async () => {
    const nodes = { outer: loop(10_000, 'inner'), inner: { ...loop(10_000, 'a'), to: { each: 'a' } } }
    expect(await run({ ...nodes, a: assign('x', '1'), end })).toMatchObject({
      status: 'failed',
      error: { code: 'STEP_BUDGET', params: { limit: 100_000 } },
    })
  })

  const doubled: [name: string, make: FlowNode, code: string][] = [
    ['a formula', assign('a', 'LIST(a, a)'), 'FORMULA_BUDGET'],
    ['a text', assign('a', 'a & a'), 'FORMULA_BUDGET'],
    [
      'a list in itself',
      { type: 'set-item', params: { name: 'a', action: 'append', value: formula('a') } },
      'ITEM_INVALID',
    ],
  ]
  it.each(doubled)('does not double %s for ever', async (_, make, code) => {
    const first = code === 'ITEM_INVALID' ? 'LIST(1)' : '"x"'
    const ended = await run({ zero: assign('a', first, 'loop'), loop: loop(100, 'make'), make, end })
    expect(ended).toMatchObject({ status: 'failed', error: { code } })
  })

  it('does not put an object into itself for ever', async () => {
    const make: FlowNode = {
      type: 'set-item',
      params: { name: 'a', action: 'set', key: fixed('a'), value: formula('a') },
    }
    const start: FlowNode = {
      type: 'assign-variable',
      params: { name: 'a', value: fixed({}) },
      to: { next: 'loop' },
    }
    expect(await run({ start0: start, loop: loop(10_000, 'make'), make, end })).toMatchObject({
      error: { code: 'ITEM_INVALID' },
    })
  })

  it('does not collect for ever', async () => {
    const text = fixed('x'.repeat(60_000))
    const hold: FlowNode = {
      type: 'assign-variable',
      params: { name: 'a', value: text },
      to: { next: 'loop' },
    }
    expect(
      await run({ hold, loop: loop(10_000, 'b', { collect: formula('a') }), b: assign('x', '1'), end }),
    ).toMatchObject({
      error: { code: 'LOOP_INVALID' },
    })
  })
})
