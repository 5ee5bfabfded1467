import { expect, it } from 'vitest'
import { bodyPorts, ERROR_PORT, outputPorts } from '../../nodes/define.ts'
import { loadGraph } from '../../nodes/graph/load-graph.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import { conformanceGraphs } from './case-files.ts'

/** Steps that cannot fail. */
const withoutErrorPort = new Set(['start', 'comment', 'wait-for-delivery'])
/** The author names the ports of these; here all of those are `branch`. */
const withBranches = new Set(['condition', 'parallel'])
const ownPorts = new Set(['done', 'otherwise', ERROR_PORT])

/** It takes a person: `test/runtime/approvals` has them. */
const decidedByPeople = new Set(['approval > rejected'])

/** A code is another one each time: `test/runtime/login/code-nodes.test.ts` runs them. */
const withCodes = new Set(['send-code', 'check-code'])

const definitionOf = new Map(nodeDefinitions.map((each) => [each.type, each]))
const graphs = conformanceGraphs
  .filter(({ cases }) => cases.some(({ refused }) => !refused))
  .map(({ document, cases }) => ({ graph: loadGraph(document), paths: cases.flatMap(({ path }) => path) }))

const nameOf = ({ type }: GraphNode, port: string) =>
  `${type} > ${withBranches.has(type) && !ownPorts.has(port) ? 'branch' : port}`

/** @param path of expectations: `start > next`, `loop:1/send > sent` */
function taken({ nodes }: Graph, path: string): string[] {
  const [place = '', port] = path.split(/ [>!] ?/)
  const [own, outer] = place.split('/').toReversed()
  const node = nodes.find(({ id }) => id === own)!
  const [around, at] = outer?.split(':') ?? []
  const parent = nodes.find(({ id }) => id === around)
  const ports = port ? [nameOf(node, port)] : []
  if (!parent) return [node.type, ...ports]
  // a step in a body says that the node around it took the port of that body
  const bodies = bodyPorts(definitionOf.get(parent.type)!, parent)
  return [node.type, ...ports, nameOf(parent, bodies.find((body) => body === at) ?? bodies[0]!)]
}

it('runs every node type, and leaves by every port of it', () => {
  const seen = new Set(graphs.flatMap(({ graph, paths }) => paths.flatMap((path) => taken(graph, path))))
  const types = nodeDefinitions.map(({ type }) => type).filter((type) => !withCodes.has(type))
  const errorPorts = types
    .filter((type) => !withoutErrorPort.has(type))
    .map((type) => `${type} > ${ERROR_PORT}`)
  const ports = graphs.flatMap(({ graph }) =>
    graph.nodes.flatMap((node) =>
      outputPorts(definitionOf.get(node.type)!, node)
        .filter((port) => port !== ERROR_PORT)
        .map((port) => nameOf(node, port)),
    ),
  )
  const wanted = [...types.filter((type) => type !== 'comment'), ...errorPorts, ...new Set(ports)]
  expect(wanted.filter((each) => !seen.has(each) && !decidedByPeople.has(each))).toEqual([])
})

it('holds a graph of every node type, each named as its file', () => {
  const held = new Set(graphs.flatMap(({ graph }) => graph.nodes.map(({ type }) => type)))
  expect(nodeDefinitions.filter(({ type }) => !held.has(type) && !withCodes.has(type))).toEqual([])
  expect(conformanceGraphs.filter(({ name, document }) => document['name'] !== name)).toEqual([])
  expect(conformanceGraphs.length).toBeGreaterThanOrEqual(60)
})
