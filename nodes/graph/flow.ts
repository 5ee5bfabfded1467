import type { Graph } from './schema.ts'

/** Node id → the nodes its connections lead to, or come from. */
export type Neighbours = ReadonlyMap<string, readonly string[]>

export function successors(graph: Graph): Neighbours {
  return neighbours(graph.connections.map(({ from, to }) => [from.node, to.node]))
}

export function predecessors(graph: Graph): Neighbours {
  return neighbours(graph.connections.map(({ from, to }) => [to.node, from.node]))
}

function neighbours(pairs: readonly (readonly [string, string])[]): Neighbours {
  const found = new Map<string, string[]>()
  for (const [id, other] of pairs) {
    const others = found.get(id)
    if (others) others.push(other)
    else found.set(id, [other])
  }
  return found
}

/** Every node that can be reached from `start`; `start` itself only where a loop leads back to it. */
export function reachable(start: string, next: Neighbours): ReadonlySet<string> {
  const found = new Set<string>()
  const waiting = [start]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const each of next.get(id) ?? []) {
      if (found.has(each)) continue
      found.add(each)
      waiting.push(each)
    }
  }
  return found
}

/** The nodes from which a connection leads back to an earlier node; without these connections there is no loop. */
export function nodesClosingLoops(graph: Graph): ReadonlySet<string> {
  const next = successors(graph)
  const seen = new Set<string>()
  const onPath = new Set<string>()
  const closing = new Set<string>()
  for (const { id } of graph.nodes) {
    const path = seen.has(id) ? [] : [{ id, tried: 0 }]
    for (let here = path.at(-1); here; here = path.at(-1)) {
      seen.add(here.id)
      onPath.add(here.id)
      const following = next.get(here.id)?.[here.tried++]
      if (following === undefined) {
        onPath.delete(here.id)
        path.pop()
      } else if (onPath.has(following)) closing.add(here.id)
      else if (!seen.has(following)) path.push({ id: following, tried: 0 })
    }
  }
  return closing
}
