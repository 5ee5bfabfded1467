import type { NodeDefinition } from '../define.ts'
import type { Graph, GraphConnection } from '../graph/schema.ts'
import type { PortRef } from './outline.ts'

/** Lets ports lead to a node, or nowhere; what they led to before gives way. A node never leads to itself. */
export function reconnect(
  graph: Graph,
  from: readonly PortRef[],
  to: string | null,
  byType: ReadonlyMap<string, NodeDefinition>,
): Graph {
  const keyOf = ({ node, port }: PortRef) => `${node}:${port}`
  const keys = new Set(from.map(keyOf))
  const target = graph.nodes.find(({ id }) => id === to)
  const input = target && (byType.get(target.type) ? byType.get(target.type)!.input : 'in')
  const kept: GraphConnection[] = []
  const wanted = new Map(from.map((ref) => [keyOf(ref), ref]))
  for (const connection of graph.connections) {
    const key = keyOf(connection.from)
    const isSame = target !== undefined && connection.to.node === target.id
    if (isSame) wanted.delete(key)
    if (isSame || !keys.has(key)) kept.push(connection)
  }
  if (!target || !input) return { ...graph, connections: kept }
  const ids = new Set(graph.connections.map(({ id }) => id))
  const added = [...wanted.values()]
    .filter(({ node }) => node !== target.id)
    .map((ref) => ({ id: freeId(ids), from: { ...ref }, to: { node: target.id, port: input } }))
  return { ...graph, connections: [...kept, ...added] }
}

function freeId(taken: Set<string>): string {
  let number = taken.size + 1
  while (taken.has(`c${number}`)) number++
  taken.add(`c${number}`)
  return `c${number}`
}
