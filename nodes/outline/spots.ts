import { successors, reachable } from '../graph/flow.ts'
import type { Graph, GraphNode } from '../graph/schema.ts'
import { attachComments } from './comments.ts'
import type { OutlineGap, OutlinePlace } from './places.ts'

type Position = GraphNode['position']

/** Canvas units from one statement to the next, and from one branch to the next. */
const COLUMN = 288
const ROW = 160
/** Room that a card needs. */
const CARD = { width: 256, height: 136 }
/** How far above its statement a comment is put. */
const ABOVE = 96

/**
 * A free spot on the canvas for what is put into a gap. What comes behind the gap moves to the right where it must.
 * @param own  nodes that go there themselves: they take up no room
 */
export function makeRoom(
  graph: Graph,
  { from, to }: OutlineGap,
  own: ReadonlySet<string> = new Set(),
): { spot: Position; graph: Graph } {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const before = from.flatMap(({ node }) => nodes.get(node)?.position ?? [])
  const after = to === null ? undefined : nodes.get(to)?.position
  const x = before.length > 0 ? Math.max(...before.map((each) => each.x)) + COLUMN : (after?.x ?? 0)
  const y = after?.y ?? before[0]?.y ?? 0
  const missing = after ? x + COLUMN - after.x : 0
  const roomy = to !== null && missing > 0 ? moveOn(graph, to, missing, own) : graph
  return { spot: freeSpot(roomy, { x, y }, own), graph: roomy }
}

/** A spot for a comment. */
export function spotBeside(graph: Graph, place: OutlinePlace): Position | null {
  const id = 'into' in place ? place.into.node : 'after' in place ? place.after : place.before
  const position = graph.nodes.find((node) => node.id === id)?.position
  return position ? { x: position.x, y: position.y - ABOVE } : null
}

/** Moves nodes on the canvas. */
export function shift(graph: Graph, ids: ReadonlySet<string>, by: Position): Graph {
  if (by.x === 0 && by.y === 0) return graph
  const nodes = graph.nodes.map((node) =>
    ids.has(node.id) ? { ...node, position: { x: node.position.x + by.x, y: node.position.y + by.y } } : node,
  )
  return { ...graph, nodes }
}

function moveOn(graph: Graph, first: string, by: number, own: ReadonlySet<string>): Graph {
  const ids = new Set([first, ...reachable(first, successors(graph))].filter((id) => !own.has(id)))
  const isComment = ({ type }: GraphNode) => type === 'comment'
  const { comments } = attachComments(
    graph.nodes.filter(isComment),
    graph.nodes.filter((node) => !isComment(node)),
  )
  for (const id of [...ids]) for (const comment of comments.get(id) ?? []) ids.add(comment.id)
  return shift(graph, ids, { x: by, y: 0 })
}

function freeSpot(graph: Graph, wish: Position, own: ReadonlySet<string>): Position {
  const others = graph.nodes.filter(({ id, type }) => !own.has(id) && type !== 'comment')
  const isTaken = ({ x, y }: Position) =>
    others.some(
      ({ position }) => Math.abs(position.x - x) < CARD.width && Math.abs(position.y - y) < CARD.height,
    )
  let spot = wish
  for (let tries = 0; tries < others.length && isTaken(spot); tries++) {
    spot = { x: wish.x, y: spot.y + ROW }
  }
  return spot
}
