import type { GraphNode } from '../graph/schema.ts'

/** Canvas units within which a comment belongs to a node: a card and a half. */
export const COMMENT_REACH = 360

/** The node that a comment stands beside, by the upper left corners; undefined: it stands alone. */
export function nodeBeside(comment: GraphNode, steps: readonly GraphNode[]): GraphNode | undefined {
  let nearest: GraphNode | undefined
  let least = COMMENT_REACH
  for (const step of steps) {
    const distance = Math.hypot(step.position.x - comment.position.x, step.position.y - comment.position.y)
    if (distance >= least) continue
    least = distance
    nearest = step
  }
  return nearest
}

export function attachComments(
  comments: readonly GraphNode[],
  steps: readonly GraphNode[],
): { comments: ReadonlyMap<string, readonly GraphNode[]>; looseComments: readonly GraphNode[] } {
  const attached = new Map<string, GraphNode[]>()
  const looseComments: GraphNode[] = []
  for (const comment of comments) {
    const beside = nodeBeside(comment, steps)
    if (!beside) looseComments.push(comment)
    else attached.set(beside.id, [...(attached.get(beside.id) ?? []), comment])
  }
  return { comments: attached, looseComments }
}
