import { describe, expect, it } from 'vitest'
import { diffGraphs, isOnlyMoved } from '../../../nodes/graph/diff-graphs.ts'
import { loadGraph } from '../../../nodes/graph/load-graph.ts'
import type { Graph, GraphNode } from '../../../nodes/graph/schema.ts'
import { connection, smsGraph } from '../../support/graphs.ts'

const before = loadGraph(
  smsGraph({
    service: 's1',
    recipients: [
      { kind: 'member', id: 'ada' },
      { kind: 'department', id: 'night', includeSubDepartments: true },
    ],
  }),
)

/** The same graph with its SMS node changed. */
function withSms(change: (node: GraphNode) => Partial<GraphNode>): Graph {
  return {
    ...before,
    nodes: before.nodes.map((node) => (node.id === 'sms' ? { ...node, ...change(node) } : node)),
  }
}
const withParams = (params: GraphNode['params']) =>
  withSms((node) => ({ params: { ...node.params, ...params } }))

describe('two graphs', () => {
  it('of the same content do not differ, whatever the order of keys', () => {
    const turned = JSON.parse(JSON.stringify(before)) as Graph
    turned.nodes = turned.nodes.map((node) => Object.fromEntries(Object.entries(node).reverse()) as GraphNode)
    const difference = diffGraphs(before, turned)
    expect(isOnlyMoved(difference)).toBe(true)
    expect(difference.moved).toEqual([])
  })

  it('differ by nodes that came and went, and by where the flow leads', () => {
    const comment: GraphNode = { ...before.nodes[2]!, id: 'return-2' }
    const after: Graph = {
      ...before,
      nodes: [before.nodes[0]!, before.nodes[1]!, comment],
      connections: [
        connection('start', 'next', 'sms'),
        connection('sms', 'sent', 'return-2'),
        connection('sms', 'failed', 'return-2'),
      ],
    }
    const { nodes, flow } = diffGraphs(before, after)
    expect(nodes.map(({ kind, node }) => [kind, node.id])).toEqual([
      ['added', 'return-2'],
      ['removed', 'return'],
    ])
    expect(flow).toEqual([
      { from: { node: 'sms', port: 'sent' }, before: 'return', after: 'return-2' },
      { from: { node: 'sms', port: 'failed' }, before: null, after: 'return-2' },
    ])
  })

  it('differ by single recipients, whoever else is in the list', () => {
    const after = withParams({
      recipients: [
        { kind: 'role', id: 'leader' },
        { kind: 'department', id: 'night', includeSubDepartments: false },
      ],
    })
    const [change] = diffGraphs(before, after).nodes
    expect(change).toMatchObject({
      kind: 'changed',
      params: [
        { before: { kind: 'member', id: 'ada' } },
        { before: { includeSubDepartments: true }, after: { includeSubDepartments: false } },
        { after: { kind: 'role', id: 'leader' } },
      ],
    })
  })

  it('differ by single variables of a template, and by order alone', () => {
    const named = withParams({
      variables: { who: { kind: 'fixed', value: 'Ada' }, at: { kind: 'fixed', value: 1 } },
    })
    expect(diffGraphs(before, named).nodes).toMatchObject([
      {
        params: [
          { path: ['variables', 'who'], before: { kind: 'variable' }, after: { kind: 'fixed' } },
          { path: ['variables', 'at'], after: { value: 1 } },
        ],
      },
    ])
    const recipients = before.nodes[1]!.params['recipients'] as GraphNode['params'][string][]
    const turned = withParams({ recipients: recipients.toReversed() })
    expect(diffGraphs(before, turned).nodes).toMatchObject([
      { params: [{ path: ['recipients'], isOrder: true }] },
    ])
  })

  it('differ by inputs, each by its name', () => {
    const after: Graph = {
      ...before,
      inputs: [
        { ...before.inputs[0]!, required: false },
        { name: 'when', title: '', type: 'datetime', required: true },
      ],
    }
    expect(diffGraphs(before, after).inputs).toMatchObject([
      { kind: 'changed', input: { name: 'who', required: false } },
      { kind: 'added', input: { name: 'when' } },
    ])
    expect(diffGraphs(after, before).inputs).toMatchObject([{ kind: 'changed' }, { kind: 'removed' }])
  })

  it('that differ by places alone are told to be moved', () => {
    const difference = diffGraphs(
      before,
      withSms(() => ({ position: { x: 1, y: 2 } })),
    )
    expect([difference.moved, isOnlyMoved(difference)]).toEqual([['sms'], true])
  })
})
