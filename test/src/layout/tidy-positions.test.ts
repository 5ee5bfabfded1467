import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { shapeOf } from '../../../src/canvas/node-shape.ts'
import { tidyUp } from '../../../src/commands/tidy-up.ts'
import { isUnplaced, placedGraph } from '../../../src/layout/placed-graph.ts'
import { tidyPositions } from '../../../src/layout/tidy-positions.ts'
import { applyPatch, invertPatch, openDocument, saveDocument } from '../../../src/stores/graph-document.ts'
import { anyGraph, choice, graphOf, node } from '../../nodes/outline/sample-outlines.ts'

const byType = new Map(nodeDefinitions.map((each) => [each.type, each]))

interface Card {
  id: string
  x: number
  y: number
  width: number
  height: number
}

/** Pairs of cards that cover each other. */
function overlapping(cards: readonly Card[]): string[] {
  return cards.flatMap((one, place) =>
    cards
      .slice(place + 1)
      .filter(
        (other) =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      )
      .map((other) => `${one.id} and ${other.id}`),
  )
}

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
        expect(overlapping(cards)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('puts what stands at an upper port above what stands at a lower one, whatever the file says first', () => {
    const graph = graphOf(
      [
        node('start', 'start'),
        choice('if', 2),
        node('third', 'wait'),
        node('second', 'wait'),
        node('first', 'wait'),
        node('end', 'return'),
      ],
      [
        'start:next if',
        'if:otherwise third',
        'if:b2 second',
        'if:b1 first',
        'second:next end',
        'first:next end',
      ],
    )
    const places = tidyPositions(graph, nodeDefinitions)
    const [first, second, third] = ['first', 'second', 'third'].map((id) => places.get(id)!)
    expect(first!.y).toBeLessThan(second!.y)
    expect(second!.y).toBeLessThan(third!.y)
    expect(new Set([first!.x, second!.x, third!.x]).size).toBe(1)
  })

  it.each([
    ['loop', 'each'],
    ['try', 'body'],
  ])('puts what follows a %s right of its whole body', (type, body) => {
    const graph = graphOf(
      [
        node('start', 'start'),
        node('outer', type),
        node('a', 'wait'),
        node('b', 'wait'),
        node('end', 'return'),
      ],
      ['start:next outer', 'outer:done end', `outer:${body} a`, 'a:next b'],
    )
    const places = tidyPositions(graph, nodeDefinitions)
    expect(places.get('end')!.x).toBeGreaterThan(places.get('b')!.x)
    expect(places.get('end')!.y).toBeGreaterThanOrEqual(places.get('a')!.y)
  })

  it('draws a chain of cards of different heights with straight connections', () => {
    const graph = graphOf(
      [node('start', 'start'), node('a', 'wait'), choice('if', 5)],
      ['start:next a', 'a:next if'],
    )
    const places = tidyPositions(graph, nodeDefinitions)
    expect([...places.values()].map(({ y }) => y)).toEqual([0, 0, 0])
  })

  it('keeps comments above or below their node without covering anything, and Start where it is', () => {
    const graph = graphOf(
      [
        node('start', 'start'),
        choice('if', 1),
        node('a', 'wait'),
        node('b', 'wait'),
        node('above', 'comment'),
        node('below', 'comment'),
        node('alone', 'comment'),
      ],
      ['start:next if', 'if:b1 a', 'if:otherwise b'],
    )
    graph.nodes[0]!.position = { x: 40, y: 80 }
    const [, , a, b, above, below, alone] = graph.nodes
    above!.position = { x: b!.position.x + 8, y: b!.position.y - 96 }
    below!.position = { x: a!.position.x, y: a!.position.y + 200 }
    alone!.position = { x: 9_000, y: 0 }
    const places = tidyPositions(graph, nodeDefinitions)
    expect(places.get('start')).toEqual({ x: 40, y: 80 })
    expect(places.get('above')!.x).toBe(places.get('b')!.x)
    expect(places.get('above')!.y).toBeLessThan(places.get('b')!.y)
    expect(places.get('below')!.y).toBeGreaterThan(places.get('a')!.y)
    const cards = graph.nodes.map((each) => ({
      ...places.get(each.id)!,
      ...shapeOf(each, byType.get(each.type)),
      id: each.id,
    }))
    expect(overlapping(cards)).toEqual([])
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
  it('places a graph that a file gives without places, and leaves others as they are', async () => {
    const written = { ...graphOf([node('start', 'start'), node('a', 'wait')], ['start:next a']) }
    expect(await placedGraph(written, nodeDefinitions)).toBe(written)
    const file = { ...written, nodes: written.nodes.map(({ position: _, ...rest }) => rest) }
    const read = loadGraph(file)
    const places = (await placedGraph(read, nodeDefinitions)).nodes.map(({ position }) => position.x)
    expect(places[1]).toBeGreaterThan(places[0]! + 224)
  })
})
