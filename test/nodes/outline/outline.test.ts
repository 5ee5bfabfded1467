import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { outlineOf, type OutlineBlock, type PortRef } from '../../../nodes/outline/outline.ts'
import { anyGraph, choice, graphOf, linesOf, node } from './sample-outlines.ts'

const lines = (...parts: Parameters<typeof graphOf>) => linesOf(outlineOf(graphOf(...parts), nodeDefinitions))

const start = node('start', 'start')
const set = (id: string) => node(id, 'assign-variable')

describe('outline of a graph', () => {
  it('puts the branches of a condition below it and what follows both behind it', () => {
    const found = lines(
      [start, choice('if'), set('a'), set('b'), set('after')],
      ['start:next if', 'if:b1 a', 'if:otherwise b', 'a:next after', 'b:next after'],
    )
    expect(found).toEqual(['start', 'if', '  b1:', '    a', '  otherwise:', '    b', 'after'])
  })

  it('says of a branch that it ends where the others go on', () => {
    const found = lines(
      [start, choice('if', 2), set('a'), set('b'), set('after')],
      ['start:next if', 'if:b1 a', 'if:b2 b', 'if:otherwise after', 'b:next after'],
    )
    expect(found).toEqual([
      'start',
      'if',
      '  b1:',
      '    a',
      '    end',
      '  b2:',
      '    b',
      '  otherwise:',
      'after',
    ])
  })

  it('keeps bodies inside of loops, and goes on behind them', () => {
    const found = lines(
      [start, node('loop', 'loop'), node('sms', 'sms-notification'), set('after')],
      ['start:next loop', 'loop:each sms', 'loop:done after'],
    )
    expect(found).toEqual(['start', 'loop', '  each:', '    sms', 'after'])
  })

  it('says where a branch goes on that joins later', () => {
    const found = lines(
      [start, node('sms', 'sms-notification'), set('a'), set('b'), set('join')],
      ['start:next sms', 'sms:sent a', 'a:next join', 'sms:failed b', 'b:next join'],
    )
    expect(found).toEqual(['start', 'sms', '  failed:', '    b', '    > join', 'a', 'join'])
  })

  it('lets a branch that joins at the next statement run into it', () => {
    const found = lines(
      [start, node('sms', 'sms-notification'), set('b'), set('join')],
      ['start:next sms', 'sms:sent join', 'sms:failed b', 'b:next join'],
    )
    expect(found).toEqual(['start', 'sms', '  failed:', '    b', 'join'])
  })

  it('lists what nothing leads to as chains of their own', () => {
    const found = lines([start, set('a'), set('b'), set('c')], ['start:next a', 'b:next c'])
    expect(found).toEqual(['start', 'a', 'loose:', '  b', '  c'])
  })

  it('says of a circle in an old file where it goes back to', () => {
    const found = lines([start, set('a'), set('b')], ['start:next a', 'a:next b', 'b:next a'])
    expect(found).toEqual(['start', 'a', 'b', '> a'])
  })

  it('shows ways out that a node does not have any more', () => {
    const found = lines([start, choice('if'), set('a')], ['start:next if', 'if:gone a'])
    expect(found).toEqual(['start', 'if', '  gone:', '    a'])
  })

  it('puts comments beside the nodes that they stand next to', () => {
    const graph = graphOf(
      [start, set('a'), node('near', 'comment'), node('far', 'comment')],
      ['start:next a'],
    )
    graph.nodes[2]!.position = { x: graph.nodes[1]!.position.x, y: -90 }
    graph.nodes[3]!.position = { x: 0, y: 9_000 }
    const { comments, looseComments } = outlineOf(graph, nodeDefinitions)
    expect(comments.get('a')?.map(({ id }) => id)).toEqual(['near'])
    expect(looseComments.map(({ id }) => id)).toEqual(['far'])
  })

  it('holds every node once and tells every connection of any graph', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { main, loose, comments, looseComments } = outlineOf(graph, nodeDefinitions)
        const ids: string[] = [...[...comments.values()].flat(), ...looseComments].map(({ id }) => id)
        const told: string[] = []
        const tell = ({ node: id, port }: PortRef, to: string | null) =>
          to !== null && told.push(`${id}:${port} ${to}`)
        const endOf = ({ tail, follow }: OutlineBlock) =>
          tail ? (tail.kind === 'goto' ? tail.node : null) : follow
        const visit = (block: OutlineBlock) => {
          for (const [place, { node: each, next, branches }] of block.statements.entries()) {
            ids.push(each.id)
            const behind = block.statements[place + 1]?.node.id ?? endOf(block)
            if (next !== null) tell({ node: each.id, port: next }, behind)
            for (const branch of branches) {
              const first = branch.block.statements[0]?.node.id
              const to = first ?? (branch.isConnected ? endOf(branch.block) : null)
              tell({ node: each.id, port: branch.port }, to)
              visit(branch.block)
            }
          }
        }
        for (const block of [main, ...loose]) visit(block)
        expect(ids.toSorted()).toEqual(graph.nodes.map(({ id }) => id).toSorted())
        expect(told.toSorted()).toEqual(
          graph.connections.map(({ from, to }) => `${from.node}:${from.port} ${to.node}`).toSorted(),
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
