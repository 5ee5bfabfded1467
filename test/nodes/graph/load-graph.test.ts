import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GraphError } from '../../../nodes/errors.ts'
import { canonicalJson } from '../../../nodes/graph/canonical.ts'
import { loadGraph, parseGraphText } from '../../../nodes/graph/load-graph.ts'
import { connection, smsGraph } from '../../support/graphs.ts'

const document = () => smsGraph({ service: 's1', recipients: [{ kind: 'member', id: 'm1' }] })

function refusal(load: () => unknown): GraphError {
  try {
    load()
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
  throw new Error('The graph was taken')
}

test('loads what it has saved, unchanged', () => {
  const graph = loadGraph(document())
  expect(parseGraphText(JSON.stringify(graph))).toEqual(graph)
})

test('takes a file with a byte order mark', () => {
  expect(parseGraphText(`\uFEFF${JSON.stringify(document())}`).name).toBe('sms-graph')
})

test('takes a half-drawn graph', () => {
  const graph = loadGraph({ format: 1, id: 'a', name: 'a', title: 'A', nodes: [], connections: [] })
  expect(graph).toMatchObject({ nodes: [], inputs: [], description: '' })
})

test('keeps a node of an unknown type as it is', () => {
  const lamp = {
    id: 'lamp',
    type: 'acme-lamp',
    typeVersion: 7,
    position: { x: 1, y: 2 },
    params: { colour: ['red', { deep: null }], kind: 'formula' },
  }
  const before = document()
  const graph = loadGraph({ ...before, nodes: [...before.nodes, lamp] })
  expect(graph.nodes.at(-1)).toEqual(lamp)
})

test('refuses a newer file and names both formats', () => {
  expect(refusal(() => loadGraph({ ...document(), format: 99 }))).toMatchObject({
    code: 'GRAPH_TOO_NEW',
    path: 'format',
    params: { format: 99, known: 1 },
    hint: expect.stringContaining('Update'),
  })
})

type Change = (graph: ReturnType<typeof document>) => unknown
test.each<[name: string, change: Change, reason: string, path: string]>([
  ['a list', () => [], 'notAnObject', ''],
  ['nothing', () => null, 'notAnObject', ''],
  ['a file without a format', ({ format: _, ...rest }) => rest, 'noFormat', 'format'],
  ['a format that is a text', (graph) => ({ ...graph, format: '1' }), 'noFormat', 'format'],
  ['a missing title', ({ title: _, ...rest }) => rest, 'required', 'title'],
  ['an unknown key', (graph) => ({ ...graph, colour: 1 }), 'unknownKey', ''],
  [
    'a place that is a text',
    (graph) => {
      graph.nodes[1]!.position.x = '1' as never
      return graph
    },
    'invalid',
    'nodes/1/position/x',
  ],
  ['a reserved name', (graph) => ({ ...graph, inputs: [{ name: 'nodes' }] }), 'invalid', 'inputs/0/name'],
  [
    'two inputs with one name',
    (graph) => ({ ...graph, inputs: [{ name: 'a' }, { name: 'a' }] }),
    'duplicateInput',
    'inputs/1/name',
  ],
  [
    'two nodes with one id',
    (graph) => ({ ...graph, nodes: [...graph.nodes, graph.nodes[0]] }),
    'duplicateNode',
    'nodes/3/id',
  ],
  [
    'two connections with one id',
    (graph) => ({ ...graph, connections: [...graph.connections, graph.connections[0]] }),
    'duplicateConnection',
    'connections/2/id',
  ],
  [
    'a connection to nowhere',
    (graph) => ({ ...graph, connections: [connection('start', 'next', 'gone')] }),
    'nodeMissing',
    'connections/0/to/node',
  ],
  [
    'a connection from nowhere',
    (graph) => ({ ...graph, connections: [connection('gone', 'next', 'sms')] }),
    'nodeMissing',
    'connections/0/from/node',
  ],
  [
    'two connections from one port',
    (graph) => ({ ...graph, connections: [...graph.connections, connection('start', 'next', 'return')] }),
    'portTaken',
    'connections/2/from',
  ],
  [
    'a connection to its own node',
    (graph) => ({ ...graph, connections: [connection('sms', 'sent', 'sms')] }),
    'connectedToItself',
    'connections/0',
  ],
  [
    'a node called __proto__',
    (graph) => ({ ...graph, nodes: [{ ...graph.nodes[0], id: '__proto__' }] }),
    'invalid',
    'nodes/0/id',
  ],
])('refuses %s', (_name, change, reason, path) => {
  const error = refusal(() => loadGraph(change(document())))
  expect(error).toMatchObject({ code: 'GRAPH_INVALID', path, params: { reason } })
  expect(error.hint).toBeTruthy()
})

test.each<[name: string, text: string, expected: object]>([
  [
    'broken JSON, with its place',
    '{\n  "format": 1,\n  nodes',
    { params: { reason: 'notJson', line: 3, column: 3 } },
  ],
  [
    'a prototype key',
    '{"format": 1, "__proto__": {}}',
    { params: { reason: 'forbiddenKey', name: '__proto__' } },
  ],
  ['a deep file', '['.repeat(100_000), { params: { reason: 'tooDeep' } }],
  ['a file above 5 MiB', `"${'a'.repeat(5 * 1024 * 1024)}"`, { code: 'GRAPH_TOO_LARGE' }],
])('refuses %s', (_name, text, expected) => {
  expect(refusal(() => parseGraphText(text))).toMatchObject({ code: 'GRAPH_INVALID', ...expected })
})

test('refuses an object that contains itself', () => {
  const params: Record<string, unknown> = {}
  params.a = params
  params.b = params
  const graph = document()
  expect(refusal(() => loadGraph({ ...graph, nodes: [{ ...graph.nodes[0], params }] }))).toMatchObject({
    params: { reason: 'tooDeep' },
  })
})

test('takes or refuses any change of a graph, and nothing else happens', () => {
  const text = JSON.stringify(document())
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  const tokens = fc.constantFrom('{', '}', '[', ']', '"', ',', 'null', '-1', '"__proto__":', '1e999', ' ')
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(20), tokens, (at, cut, token) => {
      try {
        parseGraphText(text.slice(0, at) + token + text.slice(at + cut))
      } catch (error) {
        expect(error).toBeInstanceOf(GraphError)
      }
    }),
    { numRuns: 3_000 },
  )
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
})

test('writes one text for one content, whatever the order of keys', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'é' })).toBe('{"a":"é","b":[{"d":1}]}')
  expect(canonicalJson({ a: 1, b: { c: 2, d: 3 } })).toBe(canonicalJson({ b: { d: 3, c: 2 }, a: 1 }))
})
