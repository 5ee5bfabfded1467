import type { Graph, GraphConnection, GraphNode } from '../../../nodes/graph/schema.ts'
import { openDocument } from '../../../src/stores/graph-document.ts'

const node = (
  id: string,
  type: string,
  x: number,
  y: number,
  params: GraphNode['params'] = {},
): GraphNode => ({
  id,
  type,
  typeVersion: 1,
  position: { x, y },
  params,
})

const connection = (id: string, from: string, port: string, to: string): GraphConnection => ({
  id,
  from: { node: from, port },
  to: { node: to, port: 'in' },
})

/** Start → check ─┬ night → sms ─ sent → end ; otherwise → end. */
export function sampleGraph(): Graph {
  return {
    format: 1,
    id: 'g1',
    name: 'sample',
    title: 'Sample',
    description: '',
    inputs: [],
    nodes: [
      node('start', 'start', 0, 0),
      node('check', 'condition', 304, 0, {
        branches: [{ id: 'night', title: 'Night', when: { kind: 'formula', source: 'hour > 22' } }],
      }),
      node('sms', 'sms-notification', 608, 0, {
        recipients: [],
        service: 'sandbox',
        templateText: 'Hi ${name}',
        variables: { name: { kind: 'fixed', value: 'Ada' } },
      }),
      node('end', 'return', 912, 0, { value: { kind: 'variable', path: 'nodes.sms.counts.accepted' } }),
    ],
    connections: [
      connection('c1', 'start', 'next', 'check'),
      connection('c2', 'check', 'night', 'sms'),
      connection('c3', 'check', 'otherwise', 'end'),
      connection('c4', 'sms', 'sent', 'end'),
    ],
  }
}

export const sampleDocument = () => openDocument(sampleGraph())
