import { INITIATOR } from '../../nodes/approval/process.ts'
import { GRAPH_FORMAT, type Graph } from '../../nodes/graph/schema.ts'

/** The graph that a new approval process begins with: somebody asks, somebody decides. */
export function newProcess(title: string, initiatorTitle: string): Graph {
  const quoted = `"${title.replace(/["\\]/g, '\\$&')}"`
  return {
    format: GRAPH_FORMAT,
    id: 'process',
    name: 'process',
    title,
    description: '',
    inputs: [{ name: INITIATOR, title: initiatorTitle, type: 'member', required: true }],
    nodes: [
      node('start', 'start', 80),
      node('approval1', 'approval', 400, { recipients: [], variables: {} }),
      node('return1', 'return', 720),
    ],
    connections: [
      { id: 'c1', from: { node: 'start', port: 'next' }, to: { node: 'approval1', port: 'in' } },
      { id: 'c2', from: { node: 'approval1', port: 'approved' }, to: { node: 'return1', port: 'in' } },
    ],
    process: {
      title: { kind: 'formula', source: `${quoted} & " · " & ${INITIATOR}.name` },
      revoke: 'undecided',
      urgeMinutes: 60,
      sms: false,
      variables: {},
    },
  }
}

function node(id: string, type: string, x: number, params: Graph['nodes'][number]['params'] = {}) {
  return { id, type, typeVersion: 1, position: { x, y: 120 }, params }
}
