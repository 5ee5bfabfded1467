import { describe, expect, test } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { validateGraph } from '../../../nodes/graph/validate-graph.ts'
import type { Json } from '../../../nodes/json.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { translate } from '../../../nodes/locales/index.ts'
import { assign, fixed, flow, formula, returns } from '../../support/flow.ts'
import type { FlowNode } from '../../support/flow.ts'

const inputs: Json[] = [
  { name: 'device', type: 'text', required: true },
  { name: 'severity', type: 'number', required: true },
  { name: 'remark', type: 'text' },
  { name: 'count', type: 'number', default: 3 },
]

/** Problems of values only, as `severity key node field`. */
function found(nodes: Record<string, FlowNode>): string[] {
  const graph = loadGraph(flow(nodes, { inputs }))
  return validateGraph(graph, nodeDefinitions)
    .filter(({ key }) => key.startsWith('value.'))
    .map(({ severity, key, params, node, field }) => {
      for (const locale of ['en', 'zh-CN'] as const) {
        expect(translate(locale, `problems.${key}`, params)).not.toMatch(/^problems\.|\{[a-z]/)
      }
      return `${severity} ${key} ${node} ${field}`
    })
}
const ask = (source: string, yes: string, otherwise?: string): FlowNode => ({
  type: 'condition',
  params: { branches: [{ id: 'yes', when: formula(source) }] },
  to: { yes, ...(otherwise && { otherwise }) },
})

test('a value of another type than its field takes is an error', () => {
  expect(found({ ask: ask('severity', 'end'), end: returns('1') })).toEqual([
    'error value.wrong.boolean ask branches/0/when',
  ])
  expect(found({ each: { type: 'loop', params: { list: formula('device') } } })).toEqual([
    'error value.wrong.rounds each list',
  ])
  expect(found({ wait: { type: 'wait', params: { amount: fixed('soon') } } })).toEqual([
    'error value.wrong.number wait amount',
  ])
})

test('the type of a variable is that of the value it was set to', () => {
  const nodes = { text: assign('x', 'device & "!"', 'twice'), twice: assign('y', 'x * 2') }
  expect(found(nodes)).toEqual(['error value.wrong.number twice value'])
})

test('an input without a default may be missing, one with a default is not', () => {
  expect(found({ end: returns('UPPER(remark)') })).toEqual(['warning value.missing end value'])
  expect(found({ end: returns('count + 1') })).toEqual([])
})

describe('a variable that is set on one of two ways', () => {
  const nodes = (otherwise: FlowNode) => ({
    ask: ask('severity > 3', 'high', 'low'),
    high: assign('level', '"high"', 'end'),
    low: otherwise,
    end: returns('level & "!"'),
  })
  test('is a warning', () => {
    expect(found(nodes(assign('other', '1', 'end')))).toEqual(['warning value.unset end value'])
  })
  test('is none where the other way sets it too', () => {
    expect(found(nodes(assign('level', '"low"', 'end')))).toEqual([])
  })
})

test('the answer of a condition is known behind it', () => {
  expect(found({ ask: ask('ISNOTEMPTY(remark)', 'end'), end: returns('UPPER(remark)') })).toEqual([])
  expect(
    found({ ask: ask('remark = null', 'end', 'loud'), loud: returns('UPPER(remark)'), end: returns('1') }),
  ).toEqual([])
})

test('the result of a step that may not have run, and a field that it does not have', () => {
  const http = { type: 'http-request', params: { url: fixed('https://example.com') }, to: { done: 'end' } }
  const end = returns('nodes.http.status + 1')
  expect(found({ http, end })).toEqual([])
  expect(found({ ask: ask('severity > 3', 'http', 'end'), http, end })).toEqual([
    'warning value.missing end value',
  ])
  expect(found({ http, end: returns('nodes.http.statusCode') })).toEqual(['warning value.noField end value'])
})

describe('bodies', () => {
  const loop = (source: string, more: object = {}): FlowNode => ({
    type: 'loop',
    params: { list: formula(source), ...more },
    to: { each: 'body', done: 'end' },
  })
  test('the item of a loop has the type of the items of the list', () => {
    const nodes = { loop: loop('SPLIT(device, ",")'), body: assign('x', 'item * 2'), end: returns('1') }
    expect(found(nodes)).toEqual(['error value.wrong.number body value'])
  })
  test('what only a round sets may be missing behind the loop, and is there at its end', () => {
    const nodes = {
      loop: loop('3', { collect: formula('x + 1') }),
      body: assign('x', 'item * 2'),
      end: returns('x + 1'),
    }
    expect(found(nodes)).toEqual(['warning value.unset end value'])
  })
  test('a total that grows from round to round is in order', () => {
    const nodes = {
      zero: assign('total', '0', 'loop'),
      loop: loop('3'),
      body: assign('total', 'total + item'),
      end: returns('total + 1'),
    }
    expect(found(nodes)).toEqual([])
  })
  test('what branches that all end have set is set behind them', () => {
    const parallel = (join: string) => ({
      parallel: {
        type: 'parallel',
        params: { branches: [{ id: 'a' }, { id: 'b' }], join },
        to: { a: 'one', b: 'two', done: 'end' },
      },
      one: assign('x', '1'),
      two: assign('y', '2'),
      end: returns('x + y'),
    })
    expect(found(parallel('all'))).toEqual([])
    expect(found(parallel('first'))).toEqual(['warning value.unset end value'])
  })
  test('an error that is caught is a warning', () => {
    const nodes = (to: Record<string, string>): Record<string, FlowNode> => ({
      try: { type: 'try', to },
      fails: assign('x', 'device * 2'),
      end: returns('1'),
    })
    expect(found(nodes({ body: 'fails', error: 'end' }))).toEqual(['warning value.wrong.number fails value'])
    expect(found({ fails: { ...assign('x', 'device * 2'), onError: 'branch' } })).toEqual([
      'warning value.wrong.number fails value',
    ])
  })
})

test('parameters that are no parameters of a node tell nothing, and harm nothing', () => {
  const broken: FlowNode = { type: 'assign-variable', params: { name: 'x' }, to: { next: 'end' } }
  expect(found({ broken, end: returns('x * 2') })).toEqual([])
})
