import type { Graph } from '../../nodes/graph/schema.ts'

/** True where all nodes lie on each other, because a program or a person wrote the graph without places. */
export function isUnplaced({ nodes }: Pick<Graph, 'nodes'>): boolean {
  const [first, ...others] = nodes
  if (!first || others.length === 0) return false
  const { x, y } = first.position
  return others.every(({ position }) => position.x === x && position.y === y)
}
