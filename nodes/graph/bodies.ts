import { bodyPorts } from '../define.ts'
import type { NodeDefinition } from '../define.ts'
import type { Graph, GraphNode } from './schema.ts'

/** What stands behind a body port of a node. */
export interface GraphBody {
  node: GraphNode
  definition: NodeDefinition
  port: string
  /** Id of the node that is walked first; none where nothing is connected. The others follow from it. */
  first: string | undefined
}

export function bodiesOf(graph: Graph, byType: ReadonlyMap<string, NodeDefinition>): GraphBody[] {
  const withBodies = graph.nodes.filter(({ type }) => byType.get(type)?.bodies)
  if (withBodies.length === 0) return []
  const targets = new Map(graph.connections.map(({ from, to }) => [`${from.node} ${from.port}`, to.node]))
  return withBodies.flatMap((node) => {
    const definition = byType.get(node.type)!
    return bodyPorts(definition, node).map((port): GraphBody => ({
      node,
      definition,
      port,
      first: targets.get(`${node.id} ${port}`),
    }))
  })
}
