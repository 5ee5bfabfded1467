import type { Graph } from '../../nodes/graph/schema.ts'

export const CHAIN = 200

/** Start, then `v1 = start + 1`, `v2 = v1 + 1` …, then Return of the last one. */
export function assignChain(history: 'all' | 'failures'): Graph {
  const ids = Array.from({ length: CHAIN }, (_, at) => `a${at + 1}`)
  const place = (at: number) => ({ typeVersion: 1, position: { x: at * 300, y: 0 } })
  const order = ['start', ...ids, 'return']
  return {
    format: 1,
    id: 'chain',
    name: 'chain',
    title: 'Chain',
    description: '',
    ...(history === 'failures' && { history }),
    inputs: [{ name: 'start', title: '', type: 'number', required: true }],
    nodes: [
      { id: 'start', type: 'start', params: {}, ...place(0) },
      ...ids.map((id, at) => ({
        id,
        type: 'assign-variable',
        params: {
          name: `v${at + 1}`,
          value: { kind: 'formula', source: `${at === 0 ? 'start' : `v${at}`} + 1` },
        },
        ...place(at + 1),
      })),
      {
        id: 'return',
        type: 'return',
        params: { value: { kind: 'variable', path: `v${CHAIN}` } },
        ...place(CHAIN + 1),
      },
    ],
    connections: order.slice(1).map((id, at) => ({
      id: `c${at}`,
      from: { node: order[at]!, port: 'next' },
      to: { node: id, port: 'in' },
    })),
  }
}
