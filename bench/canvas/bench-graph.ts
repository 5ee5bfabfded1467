import type { Graph, GraphConnection, GraphNode } from '../../nodes/graph/schema.ts'

const COLUMNS = 40
const SPACING = { x: 304, y: 208 }

/**
 * A graph of real node types on a grid, the same for the same size: chains of assignments, conditions and texts that
 * run from left to right, with about 1.28 connections per node.
 */
export function benchGraph(size: number): Graph {
  const nodes = Array.from({ length: size }, (_, place) => benchNode(place))
  const connections: GraphConnection[] = []
  const link = (from: number, port: string, to: number) => {
    if (to >= size || connections.length >= Math.floor(size * 1.28)) return
    const id = `c${connections.length + 1}`
    connections.push({ id, from: { node: `n${from}`, port }, to: { node: `n${to}`, port: 'in' } })
  }
  nodes.forEach((node, place) => {
    const next = place + 1
    if (node.type === 'condition') {
      link(place, 'branch-1', next)
      link(place, 'otherwise', place + COLUMNS)
    } else if (node.type === 'sms-notification') {
      link(place, 'sent', next)
      link(place, 'failed', place + COLUMNS + 1)
      if (place % 98 === 5) link(place, 'partly', place + COLUMNS)
    } else {
      link(place, 'next', next)
    }
  })
  return {
    format: 1,
    id: 'bench',
    name: 'bench',
    title: 'Bench',
    description: '',
    inputs: [],
    nodes,
    connections,
  }
}

function benchNode(place: number): GraphNode {
  const id = `n${place}`
  const position = { x: (place % COLUMNS) * SPACING.x, y: Math.floor(place / COLUMNS) * SPACING.y }
  const node = { id, typeVersion: 1, position }
  if (place === 0) return { ...node, type: 'start', params: {} }
  if (place % 7 === 3) {
    const when = { kind: 'formula', source: `device${place} = "offline"` }
    const params = { branches: [{ id: 'branch-1', title: 'Device offline', when }] }
    return { ...node, type: 'condition', params }
  }
  if (place % 7 === 5) {
    const params = {
      recipients: [],
      service: 'sandbox',
      templateText: 'Device ${device} is offline',
      variables: {},
    }
    return { ...node, type: 'sms-notification', params }
  }
  return {
    ...node,
    type: 'assign-variable',
    params: { name: `device${place}`, value: { kind: 'fixed', value: `D-${place}` } },
  }
}
