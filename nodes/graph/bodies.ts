import { bodyPorts } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import { reachable, successors } from './flow.ts'
import type { Graph, GraphNode } from './schema.ts'

/** What stands behind a body port of a node. */
export interface GraphBody {
  node: GraphNode
  definition: NodeDefinition
  port: string
  /** Ids of the nodes that are walked in it. */
  inside: ReadonlySet<string>
}

export function bodiesOf(graph: Graph, byType: ReadonlyMap<string, NodeDefinition>): GraphBody[] {
  const withBodies = graph.nodes.filter(({ type }) => byType.get(type)?.bodies)
  if (withBodies.length === 0) return []
  const next = successors(graph)
  return withBodies.flatMap((node) => {
    const definition = byType.get(node.type)!
    return bodyPorts(definition, node).map((port): GraphBody => {
      const first = graph.connections.find(({ from }) => from.node === node.id && from.port === port)?.to.node
      const inside = first === undefined ? new Set<string>() : new Set([first, ...reachable(first, next)])
      return { node, definition, port, inside }
    })
  })
}
