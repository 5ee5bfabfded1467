import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { wireViewOf, type NodeBox } from '../../../src/canvas/node-box.ts'
import { shapeOf } from '../../../src/canvas/node-shape.ts'
import { walk } from '../../../src/canvas/walk.ts'
import { sampleGraph } from '../commands/sample-graph.ts'

/** The sample with `end` below `sms`. */
function area() {
  const { nodes, connections } = sampleGraph()
  const boxes = new Map<string, NodeBox>()
  for (const node of nodes) {
    const shape = shapeOf(
      node,
      nodeDefinitions.find((each) => each.type === node.type),
    )
    const place = node.id === 'end' ? { x: 608, y: 300 } : node.position
    boxes.set(node.id, {
      id: node.id,
      node,
      shape,
      ...place,
      width: shape.width,
      height: shape.height,
      card: null,
    })
  }
  const wires = connections.map(({ id, from, to }) =>
    wireViewOf(id, boxes.get(from.node)!, from.port, boxes.get(to.node)!),
  )
  return { boxes, wires: new Map(wires.map((wire) => [wire.id, wire])) }
}

describe('walking by keyboard', () => {
  it.each([
    [null, 'next', 'start'],
    ['start', 'next', 'check'],
    ['check', 'next', 'sms'],
    ['end', 'previous', 'check'],
    ['start', 'previous', null],
    ['end', 'next', null],
    ['sms', 'down', 'end'],
    ['end', 'up', 'sms'],
    ['sms', 'up', null],
    ['check', 'down', 'end'],
    ['sms', 'first', 'start'],
    ['start', 'last', 'end'],
  ] as const)('from %s %s to %s', (from, direction, to) => {
    expect(walk(area(), from, direction)).toBe(to)
  })
})
