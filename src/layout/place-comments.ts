import { attachComments } from '../../nodes/outline/comments.ts'
import type { GraphNode } from '../../nodes/graph/schema.ts'

type Position = GraphNode['position']

/** Canvas units between a comment and its node, and between comments. */
const GAP = 16
/** Between the lowest step and the row of comments that belong to none. */
const GAP_BELOW = 80

/** The comments of a step, stacked above and below its card with the same left edge. */
export interface CommentStack {
  above: readonly GraphNode[]
  below: readonly GraphNode[]
  /** Canvas units that the stacks take. */
  heightAbove: number
  heightBelow: number
}

type SizeOf = (node: GraphNode) => { width: number; height: number }

/** Comments that stand lower than their node's card come below it, all others above it. */
export function commentStacks(
  nodes: readonly GraphNode[],
  sizeOf: SizeOf,
): { stackOf(id: string): CommentStack; loose: readonly GraphNode[] } {
  const isComment = ({ type }: GraphNode) => type === 'comment'
  const steps = nodes.filter((node) => !isComment(node))
  const { comments, looseComments } = attachComments(nodes.filter(isComment), steps)
  const heightOf = (all: readonly GraphNode[]) =>
    all.reduce((height, each) => height + sizeOf(each).height + GAP, 0)
  const stacks = new Map<string, CommentStack>()
  for (const step of steps) {
    const own = [...(comments.get(step.id) ?? [])].sort((one, other) => one.position.y - other.position.y)
    const isBelow = ({ position }: GraphNode) => position.y >= step.position.y + sizeOf(step).height
    const [above, below] = [own.filter((each) => !isBelow(each)), own.filter(isBelow)]
    stacks.set(step.id, { above, below, heightAbove: heightOf(above), heightBelow: heightOf(below) })
  }
  return { stackOf: (id) => stacks.get(id)!, loose: looseComments }
}

/** Places the comments of a step whose card stands at `place`. */
export function placeStack(
  { above, below, heightAbove }: CommentStack,
  place: Position,
  cardHeight: number,
  sizeOf: SizeOf,
  places: Map<string, Position>,
): void {
  let y = place.y - heightAbove
  for (const comment of above) {
    places.set(comment.id, { x: place.x, y })
    y += sizeOf(comment).height + GAP
  }
  y = place.y + cardHeight + GAP
  for (const comment of below) {
    places.set(comment.id, { x: place.x, y })
    y += sizeOf(comment).height + GAP
  }
}

/** Places comments that belong to no step in a row below everything. @param bottom of the lowest step */
export function placeRow(
  comments: readonly GraphNode[],
  { x, bottom }: { x: number; bottom: number },
  sizeOf: SizeOf,
  places: Map<string, Position>,
): void {
  let left = x
  for (const comment of comments) {
    places.set(comment.id, { x: left, y: bottom + GAP_BELOW })
    left += sizeOf(comment).width + GAP
  }
}
