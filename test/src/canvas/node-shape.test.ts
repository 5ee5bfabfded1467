import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { inputPoint, outputPoint, shapeOf } from '../../../src/canvas/node-shape.ts'
import { sampleGraph } from '../commands/sample-graph.ts'

const definition = (type: string) => nodeDefinitions.find((each) => each.type === type)
const shape = (id: string) => {
  const node = sampleGraph().nodes.find((each) => each.id === id)!
  return shapeOf(node, definition(node.type))
}

describe('node shape', () => {
  it('gives a node with one way out its port beside the title', () => {
    const start = shape('start')
    expect(start.outputs).toHaveLength(1)
    expect(start.outputs[0]!.y).toBe(start.height / 2)
    expect(start.input).toBeNull()
  })

  it('gives a condition one port per branch and one for otherwise, top to bottom, inside of the card', () => {
    const check = shape('check')
    expect(check.outputs.map((each) => each.port)).toEqual(['night', 'otherwise'])
    expect(check.outputs[0]!.y).toBeLessThan(check.outputs[1]!.y)
    expect(check.outputs[1]!.y).toBeLessThan(check.height)
    expect(inputPoint(check).x).toBe(0)
  })

  it('draws a wire from a port that no longer exists at the lower right corner', () => {
    const check = shape('check')
    const corner = outputPoint(check, 'gone')
    expect(corner.x).toBe(check.width)
    expect(corner.y).toBeGreaterThan(check.outputs[1]!.y)
  })

  it('gives a node of an unknown type a card without ports', () => {
    const node = { ...sampleGraph().nodes[0]!, type: 'from-the-future' }
    expect(shapeOf(node, undefined)).toMatchObject({ kind: 'card', input: null, outputs: [] })
  })

  it('lets a note grow with its text, Chinese counting double, up to a limit', () => {
    const note = (text: string) =>
      shapeOf({ ...sampleGraph().nodes[0]!, type: 'comment', params: { text } }, definition('comment')).height
    expect(note('a'.repeat(100))).toBeGreaterThan(note(''))
    expect(note('夜'.repeat(100))).toBeGreaterThan(note('a'.repeat(100)))
    expect(note('夜'.repeat(2_000))).toBe(note('\n'.repeat(500)))
  })
})
