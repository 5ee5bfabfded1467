import { outputPorts, type NodeDefinition } from '../../nodes/define.ts'
import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Point } from './geometry.ts'

/**
 * Size of a node and places of its ports, relative to its top left corner. Worked out from the definition,
 * never measured in the page: nodes that are not on screen have a shape too, and no layout is forced.
 * `NodeCard.vue` and `NodeNote.vue` draw exactly this.
 */
export interface NodeShape {
  kind: 'card' | 'note'
  width: number
  height: number
  hasSummary: boolean
  input: (Point & { port: string }) | null
  /** Top to bottom. */
  outputs: readonly (Point & { port: string })[]
}

const CARD_WIDTH = 224
const HEADER = 40
const SUMMARY = 24
const PORT_ROW = 24
const FOOT = 8

const NOTE_WIDTH = 224
const NOTE_LINE = 18
const NOTE_PADDING = 24
const NOTE_LINES = { min: 2, max: 12 }
/** Roughly how many Latin letters fit in a line of a note; a Chinese character takes two places. */
const NOTE_COLUMNS = 30

const shapes = new WeakMap<GraphNode, NodeShape>()

/** @param definition  `undefined` for a node of an unknown type: a card without ports */
export function shapeOf(node: GraphNode, definition: NodeDefinition | undefined): NodeShape {
  let shape = shapes.get(node)
  if (!shape) {
    shape = node.type === 'comment' ? noteShape(node) : cardShape(node, definition)
    shapes.set(node, shape)
  }
  return shape
}

/** Where wires leave. A port the node does not have (any more) is drawn at the lower right corner. */
export function outputPoint(shape: NodeShape, port: string): Point {
  return shape.outputs.find((each) => each.port === port) ?? { x: shape.width, y: shape.height - 12 }
}

/** Where wires arrive. */
export function inputPoint(shape: NodeShape): Point {
  return shape.input ?? { x: 0, y: HEADER / 2 }
}

function cardShape(node: GraphNode, definition: NodeDefinition | undefined): NodeShape {
  const hasSummary = !definition || Object.keys(definition.params.shape).length > 0
  const ports = definition ? outputPorts(definition, node) : []
  const rowsFrom = HEADER + (hasSummary ? SUMMARY : 0)
  const hasRows = ports.length > 1
  return {
    kind: 'card',
    width: CARD_WIDTH,
    height: rowsFrom + (hasRows ? ports.length * PORT_ROW : 0) + (hasSummary || hasRows ? FOOT : 0),
    hasSummary,
    input: definition?.input ? { port: definition.input, x: 0, y: HEADER / 2 } : null,
    outputs: ports.map((port, row) => ({
      port,
      x: CARD_WIDTH,
      y: hasRows ? rowsFrom + (row + 0.5) * PORT_ROW : HEADER / 2,
    })),
  }
}

function noteShape(node: GraphNode): NodeShape {
  const text = typeof node.params['text'] === 'string' ? node.params['text'] : ''
  const lines = Math.min(NOTE_LINES.max, Math.max(NOTE_LINES.min, countLines(text)))
  const height = NOTE_PADDING + lines * NOTE_LINE
  return { kind: 'note', width: NOTE_WIDTH, height, hasSummary: false, input: null, outputs: [] }
}

function countLines(text: string): number {
  let lines = 0
  for (const paragraph of text.split('\n')) {
    let columns = 0
    for (const character of paragraph) columns += character > '\u2e7f' ? 2 : 1
    lines += Math.max(1, Math.ceil(columns / NOTE_COLUMNS))
  }
  return lines
}
