import { bodyPorts, type NodeDefinition } from '../../nodes/define.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Before } from './columns.ts'

/**
 * What comes behind a loop, a try or parallel branches happens after them, so it stands right of all of their bodies.
 * Gives what a layout needs beside the connections; together with them it never makes a circle.
 */
export function afterBodies(graph: Graph, definitions: readonly NodeDefinition[]): Before[] {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const next = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]))
  for (const { from, to } of graph.connections) next.get(from.node)?.push(to.node)
  const isLast = new Set(graph.nodes.filter(({ id }) => next.get(id)!.length === 0).map(({ id }) => id))
  const found: Before[] = []
  for (const node of graph.nodes) {
    const definition = byType.get(node.type)
    const bodies = new Set(definition ? bodyPorts(definition, node) : [])
    if (bodies.size === 0) continue
    const leaving = graph.connections.filter(({ from }) => from.node === node.id)
    const into = leaving.filter(({ from }) => bodies.has(from.port)).map(({ to }) => to.node)
    const inside = [...reachedFrom(into, next)].filter((id) => isLast.has(id))
    for (const { to } of leaving.filter(({ from }) => !bodies.has(from.port))) {
      const behind = reachedFrom([to.node], next)
      for (const from of inside) {
        if (behind.has(from)) continue
        found.push({ from, to: to.node })
        next.get(from)!.push(to.node)
      }
    }
  }
  return found
}

function reachedFrom(starts: readonly string[], next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>()
  const waiting = [...starts]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    waiting.push(...(next.get(id) ?? []))
  }
  return reached
}
