import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { namesAt, namesFinder, namesInBodies } from '../../../nodes/graph/names-at.ts'
import type { Graph } from '../../../nodes/graph/schema.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import type { Json } from '../../../nodes/json.ts'
import { flow } from '../../support/flow.ts'
import { connection } from '../../support/graphs.ts'

const node = (id: string, type: string, params: Record<string, Json> = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  params,
})
const set = (id: string) => node(id, 'assign-variable', { name: `${id}_var` })
const list = { kind: 'fixed', value: 2 }
/** The kinds of nodes of a made-up graph, and what each of them sets. */
const makers = [
  (id: string) => ({ node: node(id, 'sms-notification'), sets: [`nodes.${id}`] }),
  (id: string) => ({ node: node(id, 'loop', { item: `i_${id}`, list }), sets: [`nodes.${id}`, `i_${id}`] }),
  (id: string) => ({
    node: node(id, 'loop', { item: `i_${id}`, list, atOnce: 2 }),
    sets: [`nodes.${id}`, `i_${id}`],
  }),
  (id: string) => ({ node: set(id), sets: [`${id}_var`] }),
]
const made = Array.from({ length: 12 }, (_, index) => makers[index % makers.length]!(`n${index}`))
const sets = new Map(made.map((each) => [each.node.id, each.sets]))
const sharing = new Set(made.filter((_, index) => index % makers.length === 1).map((each) => each.node.id))

/** The same without cleverness: everything before a node, and the inside of each loop that it comes after. */
function plainNamesAt({ connections }: Graph, id: string): Set<string> {
  const names = new Set(['device'])
  const follow = (start: readonly string[], step: (at: string) => readonly string[]) => {
    const found = new Set<string>(start)
    for (const each of found) for (const next of step(each)) found.add(next)
    return found
  }
  const after = (at: string) => connections.filter(({ from }) => from.node === at).map(({ to }) => to.node)
  const before = (at: string) => connections.filter(({ to }) => to.node === at)
  const earlier = follow(
    before(id).map(({ from }) => from.node),
    (at) => before(at).map(({ from }) => from.node),
  )
  const inside = [id, ...earlier]
    .flatMap(before)
    .filter(({ from }) => sharing.has(from.node) && from.port !== 'each')
    .flatMap(({ from }) =>
      connections.filter(({ from: { node, port } }) => node === from.node && port === 'each'),
    )
    .flatMap(({ to }) => [...follow([to.node], after)])
  for (const each of [...earlier, ...inside]) for (const name of sets.get(each)!) names.add(name)
  return names
}

test('knows what all earlier nodes set, and what bodies hand on, whatever the graph', () => {
  const place = fc.nat(made.length - 1)
  const wires = fc.array(fc.tuple(place, fc.constantFrom('each', 'done', 'next'), place), { maxLength: 20 })
  fc.assert(
    fc.property(wires, (drawn) => {
      const ports = new Map(drawn.map(([from, port, to]) => [`${from} ${port}`, { from, port, to }]))
      const connections = [...ports.values()]
        .filter(({ from, to }) => from !== to)
        .map(({ from, port, to }) => connection(`n${from}`, port, `n${to}`))
      const nodes = made.map((each) => each.node)
      const graph = loadGraph({
        ...{ format: 1, id: 'g', name: 'g', title: 'G', inputs: [{ name: 'device' }] },
        ...{ nodes, connections },
      })
      const finder = namesFinder(graph, nodeDefinitions)
      for (const { id } of nodes) {
        expect([...finder.at(id)].sort(), id).toEqual([...plainNamesAt(graph, id)].sort())
      }
    }),
    { numRuns: 500 },
  )
})

test('knows at the end of a body what the body and its node set', () => {
  const graph = loadGraph(
    flow({
      a: { ...set('a'), to: { next: 'loop' } },
      loop: { ...node('loop', 'loop', { list, item: 'line' }), to: { each: 'b', done: 'c' } },
      b: set('b'),
      c: set('c'),
    }),
  )
  const sorted = (names: ReadonlySet<string>) => [...names].sort()
  expect(sorted(namesInBodies(graph, 'loop', nodeDefinitions))).toEqual(['a_var', 'b_var', 'line'])
  expect(sorted(namesAt(graph, 'c', nodeDefinitions))).toEqual(['a_var', 'b_var', 'line', 'nodes.loop'])
})
