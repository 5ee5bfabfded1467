import type { NodeDefinition } from '../../nodes/define.ts'
import type { Graph } from '../../nodes/graph/schema.ts'

/** True where all nodes lie on each other, because a program or a person wrote the graph without places. */
export function isUnplaced({ nodes }: Pick<Graph, 'nodes'>): boolean {
  const [first, ...others] = nodes
  if (!first || others.length === 0) return false
  const { x, y } = first.position
  return others.every(({ position }) => position.x === x && position.y === y)
}

/** The graph as it is, or where nobody placed its nodes with a place for each. Loads the layout only then. */
export async function placedGraph(graph: Graph, definitions: readonly NodeDefinition[]): Promise<Graph> {
  if (!isUnplaced(graph)) return graph
  const { tidyPositions } = await import('./tidy-positions.ts')
  const places = tidyPositions(graph, definitions)
  const nodes = graph.nodes.map((node) => ({ ...node, position: places.get(node.id) ?? node.position }))
  return { ...graph, nodes }
}
