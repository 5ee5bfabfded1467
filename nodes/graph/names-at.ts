import { z } from 'zod'
import { bodyPorts, sharesNames } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import { bodiesOf } from './bodies.ts'
import { predecessors, reachable, successors } from './flow.ts'
import type { Neighbours } from './flow.ts'
import type { Graph, GraphNode } from './schema.ts'

/**
 * The names that a value can use at a node: the inputs, the variables that earlier nodes may have set, and
 * `nodes.<id>` for each earlier node with a result. "Earlier" means that connections lead from there to here: on
 * another branch it may not have run, then its result is nothing.
 */
export function namesAt(
  graph: Graph,
  nodeId: string,
  definitions: readonly NodeDefinition[],
): ReadonlySet<string> {
  const names = new Set(graph.inputs.map((input) => input.name))
  const earlier = reachable(nodeId, earlierNodes(graph, definitions))
  for (const node of graph.nodes) {
    if (node.id === nodeId || !earlier.has(node.id)) continue
    for (const name of namesMadeBy(node, definitions)) names.add(name)
  }
  return names
}

/** The names that a value can use at the end of a node's bodies, besides those before the node. */
export function namesInBodies(
  graph: Graph,
  nodeId: string,
  definitions: readonly NodeDefinition[],
): ReadonlySet<string> {
  const byType = new Map(definitions.map((each) => [each.type, each]))
  const node = graph.nodes.find(({ id }) => id === nodeId)
  const inside = new Set(
    bodiesOf(graph, byType).flatMap((body) => (body.node.id === nodeId ? [...body.inside] : [])),
  )
  const made = graph.nodes
    .filter(({ id }) => inside.has(id))
    .flatMap((each) => namesMadeBy(each, definitions))
  const own = node ? namesMadeBy(node, definitions).filter((name) => !name.startsWith('nodes.')) : []
  return new Set([...namesAt(graph, nodeId, definitions), ...own, ...made])
}

/**
 * `namesAt` for many nodes of one graph. One pass notes for each node, as a row of bits, which names it inherits: for
 * a thousand nodes in a chain, a thousand sets of names would cost more than the whole check.
 */
export function namesFinder(
  graph: Graph,
  definitions: readonly NodeDefinition[],
): (nodeId: string) => ReadonlySet<string> {
  const before = earlierNodes(graph, definitions)
  const made = new Map(graph.nodes.map((node) => [node.id, namesMadeBy(node, definitions)]))
  const names = [...new Set([...made.values()].flat())]
  const places = new Map(names.map((name, place) => [name, place]))
  const rows = new Map<string, Uint8Array>()
  for (const id of inOrder(graph, before)) {
    const row = new Uint8Array(Math.ceil(names.length / 8))
    for (const each of before.get(id) ?? []) {
      for (const [byte, bits] of rows.get(each)!.entries()) row[byte]! |= bits
      for (const name of made.get(each)!) row[places.get(name)! >> 3]! |= 1 << (places.get(name)! & 7)
    }
    rows.set(id, row)
  }
  return (nodeId) => {
    const row = rows.get(nodeId)
    // nodes in a loop, or behind one, have no order
    if (!row) return namesAt(graph, nodeId, definitions)
    const inherited = names.filter((_, place) => row[place >> 3]! & (1 << (place & 7)))
    return new Set([...graph.inputs.map((input) => input.name), ...inherited])
  }
}

/**
 * Node id → the nodes right before it. What follows a loop, a try or parallel branches also comes after the ends of
 * their bodies, where these share their names with it.
 */
function earlierNodes(graph: Graph, definitions: readonly NodeDefinition[]): Neighbours {
  const before = predecessors(graph)
  const bodies = bodiesOf(graph, new Map(definitions.map((each) => [each.type, each])))
  if (bodies.length === 0) return before
  const next = successors(graph)
  const found = new Map([...before].map(([id, others]) => [id, [...others]]))
  for (const { node, definition, inside } of bodies) {
    if (!sharesNames(definition, node)) continue
    const inBodies = new Set(bodyPorts(definition, node))
    const ends = [...inside].filter((id) => !next.get(id))
    for (const { from, to } of graph.connections) {
      if (from.node === node.id && !inBodies.has(from.port)) found.get(to.node)?.push(...ends)
    }
  }
  return found
}

/** Nodes such that each comes after all nodes that lead to it; without those in loops and behind them. */
function inOrder(graph: Graph, before: Neighbours): string[] {
  const next = inverse(before)
  const missing = new Map(graph.nodes.map(({ id }) => [id, before.get(id)?.length ?? 0]))
  const order = graph.nodes.filter(({ id }) => missing.get(id) === 0).map(({ id }) => id)
  for (const id of order) {
    for (const following of next.get(id) ?? []) {
      const left = missing.get(following)! - 1
      missing.set(following, left)
      if (left === 0) order.push(following)
    }
  }
  return order
}

function inverse(before: Neighbours): Neighbours {
  const next = new Map<string, string[]>()
  for (const [id, others] of before) {
    for (const other of others) next.set(other, [...(next.get(other) ?? []), id])
  }
  return next
}

/** A node sets the variables that its `variable-name` parameters name, and leaves its result behind. */
function namesMadeBy(node: GraphNode, definitions: readonly NodeDefinition[]): string[] {
  const definition = definitions.find((each) => each.type === node.type)
  if (!definition) return []
  const names = definition.result || node.onError ? [`nodes.${node.id}`] : []
  for (const [key, field] of Object.entries(definition.params.shape)) {
    const name = Object.hasOwn(node.params, key) ? node.params[key] : defaultOf(field)
    if (field.meta()?.control === 'variable-name' && typeof name === 'string') names.push(name)
  }
  return names
}

function defaultOf(field: z.core.$ZodType): unknown {
  return field instanceof z.ZodDefault ? field.def.defaultValue : undefined
}
