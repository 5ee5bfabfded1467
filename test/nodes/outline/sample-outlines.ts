import fc from 'fast-check'
import { outputPorts } from '../../../nodes/define.ts'
import type { Graph, GraphNode } from '../../../nodes/graph/schema.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import type { Outline, OutlineBlock } from '../../../nodes/outline/outline.ts'

export function node(id: string, type: string, params: GraphNode['params'] = {}): GraphNode {
  return { id, type, typeVersion: 1, position: { x: 0, y: 0 }, params }
}

/** A graph of these nodes; connections are written `from:port to`. */
export function graphOf(nodes: GraphNode[], connections: string[] = []): Graph {
  return {
    format: 1,
    id: 'f1',
    name: 'night-shift',
    title: 'Night shift',
    description: '',
    inputs: [],
    nodes: nodes.map((each, place) => ({ ...each, position: { x: place * 500, y: 0 } })),
    connections: connections.map((text, place) => {
      const [from = '', to = ''] = text.split(' ')
      const [source = '', port = ''] = from.split(':')
      return { id: `c${place + 1}`, from: { node: source, port }, to: { node: to, port: 'in' } }
    }),
  }
}

/** A condition with branches `b1`, `b2`, … and `otherwise`. */
export function choice(id: string, branches = 1): GraphNode {
  return node(id, 'condition', {
    branches: Array.from({ length: branches }, (_, place) => ({
      id: `b${place + 1}`,
      title: '',
      when: { kind: 'formula', source: `level > ${place}` },
    })),
  })
}

/** An outline as lines: two spaces for each level, `port:` for a way out, `> id` and `end` for tails. */
export function linesOf({ main, loose }: Outline): string[] {
  const lines: string[] = []
  const write = (block: OutlineBlock, indent: string) => {
    for (const { node: each, branches } of block.statements) {
      lines.push(indent + each.id)
      for (const { port, block: inner, isConnected } of branches) {
        if (!isConnected && !inner.tail) continue
        lines.push(`${indent}  ${port}:`)
        write(inner, `${indent}    `)
      }
    }
    if (block.tail) lines.push(indent + (block.tail.kind === 'goto' ? `> ${block.tail.node}` : 'end'))
  }
  write(main, '')
  for (const block of loose) {
    lines.push('loose:')
    write(block, '  ')
  }
  return lines
}

const types = [
  'assign-variable',
  'condition',
  'loop',
  'parallel',
  'try',
  'sms-notification',
  'return',
  'comment',
]

/** Any graph without circles: joins across branches, nodes that nothing leads to, bodies entered from outside. */
export const anyGraph: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.array(fc.record({ type: fc.constantFrom(...types), hasErrorPort: fc.boolean() }), { maxLength: 14 }),
    fc.array(fc.tuple(fc.nat(20), fc.nat(5), fc.nat(20)), { maxLength: 30 }),
    fc.boolean(),
  )
  .map(([wanted, wires, hasStart]) => {
    const others = wanted.map(({ type, hasErrorPort }, place): GraphNode => {
      const made = type === 'condition' ? choice(`n${place}`, 2) : node(`n${place}`, type, paramsOf(type))
      return hasErrorPort && type !== 'comment' ? { ...made, onError: 'branch' } : made
    })
    const graph = graphOf(hasStart ? [node('start', 'start'), ...others] : others)
    const used = new Set<string>()
    for (const [from, port, to] of wires) {
      const [source, target] = [graph.nodes[from], graph.nodes[to]]
      if (!source || !target || from >= to || target.type === 'comment' || target.type === 'start') continue
      const ports = outputPorts(
        nodeDefinitions.find(({ type }) => type === source.type)!,
        source,
      )
      const name = ports[port]
      if (name === undefined || used.has(`${source.id}:${name}`)) continue
      used.add(`${source.id}:${name}`)
      graph.connections.push({
        id: `c${graph.connections.length + 1}`,
        from: { node: source.id, port: name },
        to: { node: target.id, port: 'in' },
      })
    }
    return graph
  })

export function paramsOf(type: string): GraphNode['params'] {
  const definition = nodeDefinitions.find((each) => each.type === type)!
  return definition.defaults() as GraphNode['params']
}
