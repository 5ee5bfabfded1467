import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import type { Graph } from '../../../nodes/graph/schema.ts'
import { connectionProblems } from '../../../nodes/graph/validate-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { outlineEditor, refuseEdit } from '../../../nodes/outline/edit-outline.ts'
import { outlineOf } from '../../../nodes/outline/outline.ts'
import { placesIn, type OutlinePlace } from '../../../nodes/outline/places.ts'
import { anyGraph, choice, graphOf, linesOf, node, paramsOf } from './sample-outlines.ts'

const editor = outlineEditor(nodeDefinitions)
const byType = new Map(nodeDefinitions.map((each) => [each.type, each]))
const lines = (graph: Graph) => linesOf(outlineOf(graph, nodeDefinitions))
const start = node('start', 'start')
const set = (id: string) => node(id, 'assign-variable')

const branching = graphOf(
  [start, choice('if'), set('a'), set('b'), set('after')],
  ['start:next if', 'if:b1 a', 'if:otherwise b', 'a:next after', 'b:next after'],
)
const looping = graphOf(
  [start, node('loop', 'loop'), set('a'), set('b'), set('after')],
  ['start:next loop', 'loop:each a', 'a:next b', 'loop:done after'],
)

describe('adding a statement', () => {
  it('connects it between two others', () => {
    const graph = editor.insert(graphOf([start, set('a')], ['start:next a']), set('new'), { after: 'start' })
    expect(lines(graph)).toEqual(['start', 'new', 'a'])
  })

  it('behind a condition is where all its branches go on', () => {
    const graph = editor.insert(branching, set('new'), { after: 'if' })
    expect(lines(graph)).toEqual(['start', 'if', '  b1:', '    a', '  otherwise:', '    b', 'new', 'after'])
  })

  it('behind a condition that nothing follows connects its empty branches too', () => {
    const graph = graphOf([start, choice('if'), set('a')], ['start:next if', 'if:b1 a'])
    const after = editor.insert(graph, set('new'), { after: 'if' })
    expect(lines(after)).toEqual(['start', 'if', '  b1:', '    a', '  otherwise:', 'new'])
  })

  it('in a branch leaves the others as they are', () => {
    const graph = editor.insert(branching, set('new'), { into: { node: 'if', port: 'otherwise' } })
    expect(lines(graph)).toEqual([
      'start',
      'if',
      '  b1:',
      '    a',
      '  otherwise:',
      '    new',
      '    b',
      'after',
    ])
  })

  it('lets a message that may fail go on at sent only', () => {
    const sms = node('sms', 'sms-notification', paramsOf('sms-notification'))
    const graph = editor.insert(graphOf([start, set('a')], ['start:next a']), sms, { after: 'start' })
    expect(graph.connections.filter(({ from }) => from.node === 'sms').map(({ from }) => from.port)).toEqual([
      'sent',
    ])
  })

  it('moves what follows to the right, so that no cards lie on each other', () => {
    const graph = graphOf([start, set('a'), set('b')], ['start:next a', 'a:next b'])
    graph.nodes.forEach((each, place) => (each.position = { x: place * 288, y: 0 }))
    const { nodes } = editor.insert(graph, set('new'), { after: 'start' })
    expect(nodes.map(({ id, position }) => [id, position.x])).toEqual([
      ['start', 0],
      ['a', 576],
      ['b', 864],
      ['new', 288],
    ])
  })
})

describe('removing a statement', () => {
  it('connects what led to it with what follows', () => {
    const graph = editor.remove(branching, ['a'])
    expect(lines(graph)).toEqual(['start', 'if', '  b1:', '  otherwise:', '    b', 'after'])
  })

  it('takes everything in its branches along', () => {
    expect(lines(editor.remove(looping, ['loop']))).toEqual(['start', 'after'])
    expect(lines(editor.remove(branching, ['if']))).toEqual(['start', 'after'])
  })

  it('lets those go on behind it that joined there', () => {
    const graph = graphOf(
      [start, node('sms', 'sms-notification'), set('a'), set('b'), set('join'), set('last')],
      ['start:next sms', 'sms:sent a', 'a:next join', 'sms:failed b', 'b:next join', 'join:next last'],
    )
    expect(lines(editor.remove(graph, ['join']))).toEqual([
      'start',
      'sms',
      '  failed:',
      '    b',
      '    > last',
      'a',
      'last',
    ])
  })
})

describe('moving a statement', () => {
  it('changes places with its neighbour', () => {
    const graph = editor.move(looping, 'a', { after: 'b' })
    expect(lines(graph)).toEqual(['start', 'loop', '  each:', '    b', '    a', 'after'])
    const x = (id: string) => graph.nodes.find((each) => each.id === id)!.position.x
    expect(x('b')).toBeLessThan(x('a'))
  })

  it('takes its branches along', () => {
    const graph = editor.move(looping, 'loop', { after: 'after' })
    expect(lines(graph)).toEqual(['start', 'after', 'loop', '  each:', '    a', '    b'])
  })

  it('goes into a body and out of it again', () => {
    const inside = editor.move(looping, 'after', { after: 'b' })
    expect(lines(inside)).toEqual(['start', 'loop', '  each:', '    a', '    b', '    after'])
    expect(lines(editor.move(inside, 'after', { after: 'loop' }))).toEqual(lines(looping))
  })

  it('does not go into itself', () => {
    expect(editor.move(looping, 'loop', { after: 'a' })).toBe(looping)
  })

  it('is refused where it would lead back', () => {
    const graph = graphOf(
      [start, node('sms', 'sms-notification'), set('a'), set('b'), set('join')],
      ['start:next sms', 'sms:sent a', 'a:next join', 'sms:failed b', 'b:next join'],
    )
    const moved = editor.move(graph, 'join', { before: 'sms' })
    expect(refuseEdit(graph, moved, nodeDefinitions)).toBe('loop')
  })
})

describe('pasting statements', () => {
  it('puts separate ones one after the other', () => {
    const part = graphOf([set('x'), set('y')])
    const graph = editor.insertPart(graphOf([start, set('a')], ['start:next a']), part, { after: 'start' })
    expect(lines(graph)).toEqual(['start', 'x', 'y', 'a'])
  })
})

describe('any edit of any graph', () => {
  const edit = fc.record({
    kind: fc.constantFrom('insert', 'remove', 'move'),
    type: fc.constantFrom(
      'assign-variable',
      'condition',
      'loop',
      'parallel',
      'try',
      'sms-notification',
      'return',
    ),
    at: fc.nat(40),
    to: fc.nat(60),
  })

  /** Every place of an outline. */
  function placesOf(graph: Graph): OutlinePlace[] {
    return [...placesIn(outlineOf(graph, nodeDefinitions)).values()].flatMap(({ statement }) => [
      { after: statement.node.id },
      { before: statement.node.id },
      ...statement.branches.map(({ port }) => ({ into: { node: statement.node.id, port } })),
    ])
  }

  it('keeps a graph that can be saved, with all other nodes, and no new faults unless it is refused', () => {
    fc.assert(
      fc.property(anyGraph, fc.array(edit, { minLength: 1, maxLength: 6 }), (first, edits) => {
        let graph = first
        let count = 0
        for (const { kind, type, at, to } of edits) {
          const places = placesOf(graph)
          const steps = graph.nodes.filter((each) => each.type !== 'comment')
          const step = steps[at % Math.max(1, steps.length)]
          const place = places[to % Math.max(1, places.length)] ?? null
          let next: Graph
          if (kind === 'insert')
            next = editor.insert(graph, node(`new${count++}`, type, paramsOf(type)), place)
          else if (!step || !place) continue
          else if (kind === 'remove') next = editor.remove(graph, [step.id])
          else next = editor.move(graph, step.id, place)
          if (refuseEdit(graph, next, nodeDefinitions)) continue
          loadGraph(next)
          const ids = new Set(next.nodes.map(({ id }) => id))
          if (kind !== 'remove') for (const { id } of graph.nodes) expect(ids).toContain(id)
          expect(connectionProblems(next, byType).filter(({ key }) => key === 'portMissing')).toEqual([])
          graph = next
        }
      }),
      { numRuns: 500 },
    )
  })

  it('leads to an inserted statement from its place', () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(60), (graph, to) => {
        const places = placesIn(outlineOf(graph, nodeDefinitions))
        const found = placesOf(graph)
        const place = found[to % Math.max(1, found.length)]
        if (!place || 'before' in place) return
        const isInto = 'into' in place
        const statement = places.get(isInto ? place.into.node : place.after)!.statement
        const next = editor.insert(graph, set('new'), place)
        const leading = next.connections.filter((each) => each.to.node === 'new').map(({ from }) => from)
        if (isInto) expect(leading).toEqual([place.into])
        else if (statement.next !== null) {
          expect(leading).toContainEqual({ node: statement.node.id, port: statement.next })
        }
      }),
      { numRuns: 500 },
    )
  })
})
