import { describe, expect, it } from 'vitest'
import type { Graph, GraphNode } from '../../../nodes/graph/schema.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { functionText } from '../../../nodes/outline/function-text.ts'
import { statementText } from '../../../nodes/outline/statement-text.ts'
import { choice, graphOf, node } from './sample-outlines.ts'

const names: Record<string, string> = {
  'service s1': 'Twilio',
  'department d1': 'Night shift',
  'role r1': 'Deputy',
}
const textOf = (graph: Graph, locale: 'en' | 'zh-CN' = 'en') =>
  functionText(graph, nodeDefinitions, { locale, nameOf: (kind, id) => names[`${kind} ${id}`] })
const bodyOf = (graph: Graph, locale?: 'en' | 'zh-CN') => textOf(graph, locale).trimEnd().split('\n').slice(2)
const variable = (path: string) => ({ kind: 'variable', path })
const fixed = (value: string | number) => ({ kind: 'fixed', value })

/** if level > 0: for each leader text the night shift; otherwise text a deputy; then log. */
const alarm: Graph = {
  ...graphOf(
    [
      node('start', 'start'),
      choice('if'),
      node('each', 'loop', { list: variable('leaders'), item: 'leader', limit: 50 }),
      node('sms', 'sms-notification', {
        recipients: [
          { kind: 'department', id: 'd1', includeSubDepartments: true },
          { kind: 'value', value: fixed('+447946000123') },
        ],
        service: 's1',
        templateText: 'Come to ${place}',
        variables: { place: variable('place') },
      }),
      node('deputy', 'sms-notification', {
        recipients: [{ kind: 'role', id: 'r1' }],
        service: 's1',
        templateText: 'Please come',
      }),
      { ...node('log', 'http-request', { method: 'POST', url: fixed('https://log.example') }), title: 'Log' },
      node('answer', 'return', { value: variable('nodes.sms.counts.sent') }),
    ],
    [
      'start:next if',
      'if:b1 each',
      'each:each sms',
      'each:done log',
      'if:otherwise deputy',
      'deputy:sent log',
      'deputy:failed answer',
      'log:done answer',
    ],
  ),
  inputs: [
    { name: 'level', title: '', type: 'number', required: true },
    { name: 'place', title: '', type: 'text', required: false, default: 'Hall 3' },
  ],
}

describe('a function as text', () => {
  it('is a program with names instead of ids', () => {
    expect(textOf(alarm)).toBe(`function night-shift: Night shift
  input level: number, required
  input place: text = "Hall 3"

start with level, place
if level > 0
  for each leader in leaders
    with limit = 50
    text Night shift and below, "+44****0123" by Twilio: "Come to \${place}"  #sms
      with variables = {"place":{"kind":"variable","path":"place"}}
otherwise
  text Deputy by Twilio: "Please come"
    when it failed
      go on at #answer
Log: POST "https://log.example"
return nodes.sms.counts.sent  #answer
`)
  })

  it('speaks Chinese', () => {
    expect(bodyOf({ ...alarm, inputs: [] }, 'zh-CN').slice(0, 4)).toEqual([
      '开始',
      '如果 level > 0',
      '  对 leaders 中的每个 leader',
      '    其中 limit = 50',
    ])
  })

  it('is the same wherever the nodes stand, in whatever order the file has them', () => {
    const moved = {
      ...alarm,
      nodes: alarm.nodes.map((each, place) => ({ ...each, position: { x: -place * 40, y: place * 900 } })),
      connections: alarm.connections.toReversed(),
    }
    expect(textOf(moved)).toBe(textOf(alarm))
    expect(textOf({ ...alarm, nodes: alarm.nodes.toReversed() })).toBe(textOf(alarm))
  })

  it('says which branches end, and which statements nothing leads to', () => {
    const graph = graphOf(
      [node('start', 'start'), choice('if', 2), node('a', 'return'), node('b', 'try'), node('c', 'wait')],
      ['start:next if', 'if:b1 b', 'if:otherwise b'],
    )
    expect(bodyOf(graph)).toEqual([
      'start',
      'if level > 0',
      'else if level > 1',
      '  end here',
      'try',
      '',
      'not connected:',
      '  return',
      '',
      'not connected:',
      '  wait  minutes',
    ])
  })

  it('tells nodes of types that it has no words for', () => {
    const graph = graphOf([node('start', 'start'), node('x', 'pager', { tone: 'loud' })], ['start:next x'])
    expect(bodyOf(graph)).toEqual(['start', 'run pager', '  with tone = "loud"'])
  })
  it.each(nodeDefinitions.map((each) => [each.type, each] as const))(
    'has words for %s',
    (type, definition) => {
      const params = definition.defaults() as GraphNode['params']
      for (const locale of ['en', 'zh-CN'] as const) {
        const words = statementText(node('n', type, params), { locale, nameOf: () => undefined, inputs: [] })
        expect(words?.text).toBeTruthy()
        expect(words?.text).not.toContain('outline.')
      }
    },
  )
})
