import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { shapeOf } from '../../../src/canvas/node-shape.ts'
import { tidyUp } from '../../../src/commands/tidy-up.ts'
import { isUnplaced } from '../../../src/layout/is-unplaced.ts'
import { tidyPositions } from '../../../src/layout/tidy-positions.ts'
import { applyPatch, invertPatch, openDocument, saveDocument } from '../../../src/stores/graph-document.ts'
import { anyGraph, graphOf, node } from '../../nodes/outline/sample-outlines.ts'

const byType = new Map(nodeDefinitions.map((each) => [each.type, each]))

describe('tidying up', () => {
  it('places any graph from left to right without cards on each other', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const places = tidyPositions(graph, nodeDefinitions)
        const cards = graph.nodes
          .filter(({ type }) => type !== 'comment')
          .map((each) => ({ ...places.get(each.id)!, ...shapeOf(each, byType.get(each.type)), id: each.id }))
        for (const { from, to } of graph.connections) {
          expect(places.get(from.node)!.x).toBeLessThan(places.get(to.node)!.x)
        }
        for (const [place, one] of cards.entries()) {
          for (const other of cards.slice(place + 1)) {
            const isApart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y
            expect(isApart, `${one.id} and ${other.id}`).toBe(true)
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('keeps comments beside their node, and Start where it is', () => {
    const graph = graphOf(
      [node('start', 'start'), node('a', 'wait'), node('note', 'comment')],
      ['start:next a'],
    )
    graph.nodes[0]!.position = { x: 40, y: 80 }
    graph.nodes[2]!.position = { x: graph.nodes[1]!.position.x + 8, y: graph.nodes[1]!.position.y - 96 }
    const places = tidyPositions(graph, nodeDefinitions)
    const a = places.get('a')!
    expect(places.get('start')).toEqual({ x: 40, y: 80 })
    expect(places.get('note')).toEqual({ x: a.x + 8, y: a.y - 96 })
  })

  it('is one step that can be taken back', () => {
    const graph = graphOf([node('start', 'start'), node('a', 'wait')], ['start:next a'])
    const document = openDocument(graph)
    const patch = tidyUp(tidyPositions(graph, nodeDefinitions))(document)!
    applyPatch(document, patch)
    expect(saveDocument(document)).not.toEqual(graph)
    applyPatch(document, invertPatch(patch))
    expect(saveDocument(document)).toEqual(graph)
  })

  it('is asked for by itself only where nobody placed anything', () => {
    const graph = graphOf([node('start', 'start'), node('a', 'wait')])
    expect(isUnplaced(graph)).toBe(false)
    const pile = graph.nodes.map((each) => ({ ...each, position: { x: 0, y: 0 } }))
    expect(isUnplaced({ nodes: pile })).toBe(true)
    expect(isUnplaced({ nodes: pile.slice(0, 1) })).toBe(false)
  })
})
