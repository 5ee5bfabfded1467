import { Graph as LayoutGraph, layout } from '@dagrejs/dagre'
import type { NodeDefinition } from '../../nodes/define.ts'
import { attachComments } from '../../nodes/outline/comments.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import { shapeOf } from '../canvas/node-shape.ts'

type Position = GraphNode['position']

/** Canvas units between cards: side by side, one above the other, and to the grid. */
const GAP = { x: 80, y: 40, grid: 8 }
/** Graphs with more nodes get columns that are found faster and are a little wider than need be. */
const LARGE = 300

/**
 * Places for all nodes, from left to right along the connections. Comments keep their place beside their node; those
 * that stand beside nothing come in a row below. Start stays where it is.
 */
export function tidyPositions(graph: Graph, definitions: readonly NodeDefinition[]): Map<string, Position> {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const isComment = ({ type }: GraphNode) => type === 'comment'
  const steps = graph.nodes.filter((node) => !isComment(node))
  const sizeOf = (node: GraphNode) => shapeOf(node, byType.get(node.type))
  const drawn = new LayoutGraph({ multigraph: true })
  const ranker = steps.length > LARGE ? 'longest-path' : 'network-simplex'
  drawn.setGraph({ rankdir: 'LR', nodesep: GAP.y, ranksep: GAP.x, edgesep: GAP.y / 2, ranker })
  drawn.setDefaultEdgeLabel(() => ({}))
  for (const node of steps) {
    const { width, height } = sizeOf(node)
    drawn.setNode(node.id, { width, height })
  }
  for (const { id, from, to } of graph.connections) drawn.setEdge(from.node, to.node, {}, id)
  layout(drawn)

  const places = new Map<string, Position>()
  for (const node of steps) {
    const { x, y } = drawn.node(node.id) as Position
    const { width, height } = sizeOf(node)
    places.set(node.id, { x: x - width / 2, y: y - height / 2 })
  }
  const start = steps.find(({ type }) => type === 'start')
  const from = start && places.get(start.id)
  const by = from ? { x: start.position.x - from.x, y: start.position.y - from.y } : { x: 0, y: 0 }
  for (const [id, { x, y }] of places) places.set(id, { x: onGrid(x + by.x), y: onGrid(y + by.y) })

  const { comments, looseComments } = attachComments(graph.nodes.filter(isComment), steps)
  for (const node of steps) {
    const place = places.get(node.id)!
    for (const comment of comments.get(node.id) ?? []) {
      places.set(comment.id, {
        x: place.x + comment.position.x - node.position.x,
        y: place.y + comment.position.y - node.position.y,
      })
    }
  }
  placeInRow(looseComments, places, sizeOf)
  return places
}

function placeInRow(
  comments: readonly GraphNode[],
  places: Map<string, Position>,
  sizeOf: (node: GraphNode) => { width: number },
) {
  const all = [...places.values()]
  if (comments.length === 0 || all.length === 0) return
  const y = Math.max(...all.map((each) => each.y)) + 240
  let x = Math.min(...all.map((each) => each.x))
  for (const comment of comments) {
    places.set(comment.id, { x, y: onGrid(y) })
    x += sizeOf(comment).width + GAP.x
  }
}

const onGrid = (units: number) => Math.round(units / GAP.grid) * GAP.grid
