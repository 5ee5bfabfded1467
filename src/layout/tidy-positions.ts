import { outputPorts, type NodeDefinition } from '../../nodes/define.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import { outlineOf } from '../../nodes/outline/outline.ts'
import { inputPoint, outputPoint, shapeOf } from '../canvas/node-shape.ts'
import { afterBodies } from './after-bodies.ts'
import { columnsOf } from './columns.ts'
import { drawOutline } from './draw-outline.ts'
import { commentStacks, placeRow, placeStack } from './place-comments.ts'

type Position = GraphNode['position']

/** Canvas units from column to column, and to the grid. */
const COLUMN = 224 + 80
const GRID = 8
/** In graphs with more nodes, what follows a body may stand beside it: to find all bodies takes too long there. */
const LARGE = 1_000

/**
 * Places for all nodes, from left to right along the connections: what stands at an upper port above what stands at a
 * lower one, and what follows a loop, a try or parallel branches right of their bodies. Comments come above or below
 * their node; those that stand beside nothing come in a row below. Start stays where it is.
 */
export function tidyPositions(graph: Graph, definitions: readonly NodeDefinition[]): Map<string, Position> {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const sizeOf = (node: GraphNode) => shapeOf(node, byType.get(node.type))
  const steps = graph.nodes.filter(({ type }) => type !== 'comment')
  const nodes = new Map(steps.map((node) => [node.id, node]))
  const { stackOf, loose } = commentStacks(graph.nodes, sizeOf)
  const columns = columnsOf(steps, [
    ...graph.connections.map(({ from, to }) => ({ from: from.node, to: to.node })),
    ...(steps.length <= LARGE ? afterBodies(graph, definitions) : []),
  ])
  const heights = drawOutline(outlineOf(graph, definitions), {
    columnOf: (id) => columns.get(id)!,
    roomOf(id) {
      const { heightAbove, heightBelow } = stackOf(id)
      return { above: heightAbove, below: sizeOf(nodes.get(id)!).height + heightBelow }
    },
    slopeOf(id, port) {
      const shape = sizeOf(nodes.get(id)!)
      return outputPoint(shape, port).y - inputPoint(shape).y
    },
    portsOf(id) {
      const node = nodes.get(id)!
      const definition = byType.get(node.type)
      return definition ? outputPorts(definition, node) : []
    },
  })

  const start = steps.find(({ type }) => type === 'start')
  const origin = start?.position ?? { x: 0, y: 0 }
  const from = { column: start ? columns.get(start.id)! : 0, y: start ? heights.get(start.id)! : 0 }
  const places = new Map<string, Position>()
  let bottom = origin.y
  for (const node of steps) {
    const x = origin.x + (columns.get(node.id)! - from.column) * COLUMN
    const y = origin.y + onGrid(heights.get(node.id)! - from.y)
    const { height } = sizeOf(node)
    places.set(node.id, { x, y })
    placeStack(stackOf(node.id), { x, y }, height, sizeOf, places)
    bottom = Math.max(bottom, y + height + stackOf(node.id).heightBelow)
  }
  placeRow(loose, { x: origin.x, bottom: onGrid(bottom) }, sizeOf, places)
  return places
}

const onGrid = (units: number) => Math.round(units / GRID) * GRID
