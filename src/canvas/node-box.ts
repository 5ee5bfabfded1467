import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Point, Rect } from './geometry.ts'
import type { NodeCardSlot } from './card-pool.ts'
import { inputPoint, outputPoint, type NodeShape } from './node-shape.ts'
import type { Wire } from './wire.ts'

/**
 * A node's view: where it is and how big. Costs no element until the renderer gives it a card.
 * `x` and `y` run ahead of the document while the node is dragged.
 */
export interface NodeBox extends Rect {
  id: string
  node: GraphNode
  shape: NodeShape
  card: NodeCardSlot | null
}

/** A connection's view. Wires own no element: they are painted. */
export interface WireView {
  id: string
  from: NodeBox
  to: NodeBox
  /** Place of the output, relative to its node. */
  output: Point
}

export function wireViewOf(id: string, from: NodeBox, port: string, to: NodeBox): WireView {
  return { id, from, to, output: outputPoint(from.shape, port) }
}

/** The curve of a connection as the nodes stand now. */
export function wireOf({ from, to, output }: WireView): Wire {
  const input = inputPoint(to.shape)
  return { x1: from.x + output.x, y1: from.y + output.y, x2: to.x + input.x, y2: to.y + input.y }
}
