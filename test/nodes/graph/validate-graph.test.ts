import { describe, expect, test } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { namesAt } from '../../../nodes/graph/names-at.ts'
import type { Problem } from '../../../nodes/graph/problems.ts'
import type { Graph } from '../../../nodes/graph/schema.ts'
import { validateGraph } from '../../../nodes/graph/validate-graph.ts'
import type { Surroundings } from '../../../nodes/graph/validate-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { translate } from '../../../nodes/locales/index.ts'
import type { Json } from '../../../nodes/json.ts'
import { connection, smsGraph } from '../../support/graphs.ts'
import { sampleTemplate } from '../message-templates/sample-template.ts'

const twilio = { id: 's1', name: 'Twilio', provider: 'twilio', sandbox: true } as const
const alibaba = { id: 's2', name: 'Alibaba', provider: 'alibaba', sandbox: true } as const
const surroundings = { services: [twilio, alibaba] }

const node = (id: string, type: string, params: Record<string, Json> = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  params,
})
const formula = (source: string) => ({ kind: 'formula', source })
const variable = (path: string) => ({ kind: 'variable', path })

function graphOf(nodes: object[], connections: object[] = [], inputs: object[] = []): Graph {
  return loadGraph({ format: 1, id: 'g', name: 'g', title: 'G', inputs, nodes, connections })
}

function problemsOf(graph: Graph, around: Surroundings = surroundings): Problem[] {
  const problems = validateGraph(graph, nodeDefinitions, around)
  for (const { key, params } of problems) {
    for (const locale of ['en', 'zh-CN'] as const) {
      const text = translate(locale, `problems.${key}`, params)
      expect(text, key).not.toMatch(/^problems\.|\{[a-z]/)
    }
  }
  return problems
}

const keysOf = (graph: Graph, around?: Surroundings) =>
  problemsOf(graph, around).map(({ key, node, field }) => [key, node, field].filter(Boolean).join(' '))

test('finds nothing wrong with a good graph', () => {
  const graph = loadGraph(smsGraph({ service: 's1', recipients: [{ kind: 'member', id: 'm1' }] }))
  expect(problemsOf(graph)).toEqual([])
})

describe('a service that takes over', () => {
  const handsOver = { ...twilio, fallback: 's2' }
  const graph = (params: Record<string, Json> = {}) => {
    const made = smsGraph({ service: 's1', recipients: [{ kind: 'member', id: 'm1' }] })
    Object.assign(made.nodes[1]!.params!, params)
    return loadGraph(made)
  }

  test('and sends the other kind of message is a warning at what it lacks', () => {
    const problems = problemsOf(graph(), { services: [handsOver, alibaba] })
    expect(problems).toMatchObject([
      { key: 'failOverCodeMissing', severity: 'warning', field: 'templateCode', params: { name: 'Alibaba' } },
    ])
    expect(keysOf(graph({ templateCode: 'SMS_1' }), { services: [handsOver, alibaba] })).toEqual([])
  })

  test('and sends templates of another account is a warning at its own code', () => {
    const first = { ...alibaba, id: 's1', fallback: 's3' }
    const services = [first, { ...alibaba, id: 's3', name: 'Other' }]
    expect(problemsOf(graph({ templateCode: 'SMS_1' }), { services })).toMatchObject([
      {
        key: 'failOverCodeMissing',
        severity: 'warning',
        field: 'failOverCodes/s3',
        params: { name: 'Other' },
      },
    ])
    const both = { templateCode: 'SMS_1', failOverCodes: { s3: 'SMS_9' } }
    expect(keysOf(graph(both), { services })).toEqual([])
  })

  test('and cannot send the message template is a warning', () => {
    const template = { ...sampleTemplate({ bindings: {} }), id: 't1', revision: 1, updated: '' }
    const fixed = (value: string) => ({ kind: 'fixed', value })
    const variables = { device: fixed('Pump'), reason: fixed('none') }
    const around = { services: [handsOver, alibaba], templates: [template] }
    expect(problemsOf(graph({ template: 't1', templateText: '', variables }), around)).toMatchObject([
      {
        key: 'failOverTemplateUnusable',
        severity: 'warning',
        field: 'template',
        params: { name: 'Alibaba' },
      },
    ])
  })

  test('ends where a chain comes back to its beginning', () => {
    const circle = [handsOver, { ...alibaba, fallback: 's1' }]
    expect(keysOf(graph(), { services: circle })).toEqual(['failOverCodeMissing sms templateCode'])
  })
})

describe('the flow', () => {
  test('needs a Start', () => {
    expect(keysOf(graphOf([node('r', 'return')]))).toEqual(['startMissing'])
  })

  test('takes one Start', () => {
    expect(keysOf(graphOf([node('a', 'start'), node('b', 'start')]))).toEqual([
      'startUnconnected a',
      'nodeLimit b',
    ])
  })

  test('may be a Start alone: a run ends at once', () => {
    expect(problemsOf(graphOf([node('a', 'start')]))).toMatchObject([
      { severity: 'warning', key: 'startUnconnected' },
    ])
  })

  test('warns of nodes that nothing leads to, but not of comments', () => {
    const graph = graphOf(
      [node('s', 'start'), node('a', 'return'), node('b', 'return'), node('c', 'comment', { text: 'hi' })],
      [connection('s', 'next', 'a')],
    )
    expect(problemsOf(graph)).toEqual([{ severity: 'warning', key: 'unreachable', node: 'b' }])
  })

  test('refuses a connection that leads back', () => {
    const set = (id: string) => node(id, 'assign-variable', { name: id, value: { kind: 'fixed', value: 1 } })
    const graph = graphOf(
      [node('s', 'start'), set('a'), set('b'), set('c')],
      [
        connection('s', 'next', 'a'),
        connection('a', 'next', 'b'),
        connection('b', 'next', 'c'),
        connection('c', 'next', 'a'),
      ],
    )
    expect(keysOf(graph)).toEqual(['loop c'])
  })

  test('lets branches meet again', () => {
    const branches = [{ id: 'yes', title: '', when: formula('true') }]
    const value = { kind: 'fixed', value: 1 }
    const graph = graphOf(
      [
        node('s', 'start'),
        node('c', 'condition', { branches }),
        node('a', 'assign-variable', { name: 'a', value }),
        node('r', 'return'),
      ],
      [
        connection('s', 'next', 'c'),
        connection('c', 'yes', 'a'),
        connection('c', 'otherwise', 'r'),
        connection('a', 'next', 'r'),
      ],
    )
    expect(keysOf(graph)).toEqual([])
  })

  test('sees ports that a condition no longer has, and nodes that nothing can lead to', () => {
    const branches = [{ id: 'yes', title: '', when: formula('true') }]
    const graph = graphOf(
      [node('s', 'start'), node('c', 'condition', { branches }), node('r', 'return')],
      [
        connection('s', 'next', 'c'),
        connection('c', 'yes', 'r'),
        connection('c', 'no', 'r'),
        connection('c', 'otherwise', 's'),
      ],
    )
    expect(keysOf(graph)).toEqual(['portMissing c', 'portMissing s', 'loop c'])
  })

  test('keeps unknown and newer types, and says that they cannot run', () => {
    const graph = graphOf(
      [node('s', 'start'), node('l', 'acme-lamp', { any: 1 }), { ...node('r', 'return'), typeVersion: 9 }],
      [connection('s', 'next', 'l'), connection('l', 'anything', 'r')],
    )
    expect(keysOf(graph)).toEqual(['unknownType l', 'typeTooNew r'])
  })
})

describe('parameters', () => {
  const sms = (params: Record<string, Json>) =>
    graphOf([node('s', 'start'), node('m', 'sms-notification', params)], [connection('s', 'next', 'm')])
  const recipients = [{ kind: 'member', id: 'm1' }]

  test('names each field that is not filled in', () => {
    expect(keysOf(sms({ recipients: [], service: '' }))).toEqual([
      'paramRequired m recipients',
      'paramRequired m service',
    ])
  })

  test('names a field that holds something else', () => {
    expect(keysOf(sms({ recipients, service: 's1', templateText: 5, colour: 1 }))).toEqual([
      'paramInvalid m templateText',
      'paramInvalid m colour',
    ])
  })

  test('wants a text for Twilio, a code for Alibaba, and a service that exists', () => {
    expect(keysOf(sms({ recipients, service: 's1' }))).toEqual(['templateTextMissing m templateText'])
    expect(keysOf(sms({ recipients, service: 's2' }))).toEqual(['templateCodeMissing m templateCode'])
    expect(keysOf(sms({ recipients, service: 's9' }))).toEqual(['serviceMissing m service'])
    expect(keysOf(sms({ recipients, service: 's9' }), {})).toEqual([])
  })

  test('wants a value for every placeholder', () => {
    expect(keysOf(sms({ recipients, service: 's1', templateText: '${设备} ${a}', variables: {} }))).toEqual([
      'templateVariableMissing m variables/设备',
      'templateVariableMissing m variables/a',
    ])
  })

  test('refuses a recipient that can name nobody', () => {
    const recipient = (value: object) => ({ kind: 'value', value })
    const graph = (values: object[]) =>
      graphOf(
        [
          node('s', 'start'),
          node('m', 'sms-notification', {
            recipients: values.map(recipient),
            service: 's1',
            templateText: 'Hi',
          } as never),
        ],
        [connection('s', 'next', 'm')],
        [
          { name: 'person', type: 'member' },
          { name: 'people', type: 'members', required: true },
          { name: 'number', type: 'phone' },
          { name: 'severity', type: 'number' },
          { name: 'order', type: 'object' },
        ],
      )
    const good = ['person', 'people', 'people.1', 'number', 'order.caller'].map(variable)
    expect(keysOf(graph([...good, formula('FIRST(people)'), formula('TEXT(severity)')]))).toEqual([])
    const bad = [
      variable('severity'),
      variable('person.name'),
      formula(' person.id '),
      variable('people.1.name'),
      { kind: 'fixed', value: 7 },
    ]
    expect(problemsOf(graph(bad))).toMatchObject(
      ['severity', 'person.name', 'person.id', 'people.1.name', '7'].map((name, index) => ({
        severity: 'error',
        key: 'recipientType',
        params: { name },
        field: `recipients/${index}/value`,
      })),
    )
  })

  test('refuses an input in a text that cannot stand there as a whole', () => {
    const graph = (path: string) =>
      graphOf(
        [
          node('s', 'start'),
          node('m', 'sms-notification', {
            recipients,
            service: 's1',
            templateText: '${a}',
            variables: { a: variable(path) },
          }),
        ],
        [connection('s', 'next', 'm')],
        [
          { name: 'person', type: 'member', required: true },
          { name: 'lines', type: 'list' },
        ],
      )
    expect(keysOf(graph('person'))).toEqual(['templateVariableType m variables/a'])
    expect(keysOf(graph('lines'))).toEqual(['templateVariableType m variables/a'])
    expect(keysOf(graph('person.name'))).toEqual([])
  })

  test('warns of recipients who are gone, where the directory is known', () => {
    const graph = sms({
      recipients: [
        { kind: 'member', id: 'm1' },
        { kind: 'member', id: 'm2' },
        { kind: 'department', id: 'd1' },
        { kind: 'role', id: 'r1' },
      ],
      service: 's1',
      templateText: 'Hi',
    })
    expect(keysOf(graph)).toEqual([])
    const known = { ...surroundings, members: new Set(['m1']), departments: new Set<string>() }
    expect(problemsOf(graph, known)).toMatchObject([
      { severity: 'warning', key: 'memberMissing', field: 'recipients/1' },
      { severity: 'warning', key: 'departmentMissing', field: 'recipients/2' },
    ])
  })

  test('refuses a variable name that a formula reads as something else', () => {
    const value = { kind: 'fixed', value: 1 }
    const graph = graphOf(
      [node('s', 'start'), node('a', 'assign-variable', { name: 'true', value })],
      [connection('s', 'next', 'a')],
    )
    expect(keysOf(graph)).toEqual(['paramInvalid a name'])
  })
})

describe('values', () => {
  const inputs = [{ name: 'device' }]
  const set = (id: string, value: Json) => node(id, 'assign-variable', { name: `${id}_var`, value })

  test('are checked wherever they stand', () => {
    const branches = [{ id: 'yes', title: '', when: formula('devcie = 1') }]
    const variables = { a: formula('UPPR(device)'), b: variable('nodes.gone.counts'), c: formula('1 +') }
    const recipients = [{ kind: 'member', id: 'm1' }]
    const graph = graphOf(
      [
        node('s', 'start'),
        node('c', 'condition', { branches }),
        node('m', 'sms-notification', { recipients, service: 's1', templateText: '.', variables }),
      ],
      [connection('s', 'next', 'c'), connection('c', 'yes', 'm')],
      inputs,
    )
    expect(keysOf(graph)).toEqual([
      'formula.nameDidYouMean c branches/0/when',
      'formula.functionDidYouMean m variables/a',
      'formula.unknownName m variables/b',
      'formula.unexpectedEnd m variables/c',
    ])
  })

  test('can use what was set before, not what comes later or on another branch', () => {
    const graph = graphOf(
      [
        node('s', 'start'),
        set('a', variable('device')),
        set('b', formula('a_var & device')),
        set('early', variable('b_var')),
      ],
      [connection('s', 'next', 'early'), connection('early', 'next', 'a'), connection('a', 'next', 'b')],
      inputs,
    )
    expect(keysOf(graph)).toEqual(['formula.unknownName early value'])
    expect([...namesAt(graph, 'b', nodeDefinitions)].sort()).toEqual(['a_var', 'device', 'early_var'])
  })

  test('can use the result of an earlier SMS step', () => {
    const graph = loadGraph(smsGraph({ service: 's1', recipients: [{ kind: 'member', id: 'm1' }] }))
    expect([...namesAt(graph, 'return', nodeDefinitions)]).toEqual(['who', 'nodes.sms'])
    expect([...namesAt(graph, 'sms', nodeDefinitions)]).toEqual(['who'])
  })
})
