import type { Graph } from '../graph/schema.ts'

/**
 * Finds where the branches of a node meet again: the first node that most of them lead to, at least two.
 * Works on numbers instead of ids, since a graph of conditions asks it for each of them.
 */
export function joinFinder(graph: Graph): (node: string, ports: readonly string[]) => string | null {
  const places = new Map(graph.nodes.map(({ id }, place) => [id, place]))
  const next = graph.nodes.map((): number[] => [])
  const first = new Map<string, number>()
  for (const { from, to } of graph.connections) {
    const [source, target] = [places.get(from.node), places.get(to.node)]
    if (source === undefined || target === undefined) continue
    next[source]!.push(target)
    first.set(`${from.node}:${from.port}`, target)
  }
  const ranks = ranksOf(next)
  const counts = new Uint16Array(graph.nodes.length)
  const seen = new Int32Array(graph.nodes.length).fill(-1)
  let search = 0

  /** Counts every node that a port leads to. */
  function count(from: number, reached: number[]) {
    search++
    const waiting = [from]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen[at] === search) continue
      seen[at] = search
      if (counts[at]!++ === 0) reached.push(at)
      waiting.push(...next[at]!)
    }
  }

  return (node, ports) => {
    const reached: number[] = []
    for (const port of ports) {
      const from = first.get(`${node}:${port}`)
      if (from !== undefined) count(from, reached)
    }
    const own = places.get(node)
    let best: number | null = null
    for (const at of reached) {
      if (at === own || counts[at]! < 2) continue
      const isBetter =
        best === null ||
        counts[at]! > counts[best]! ||
        (counts[at] === counts[best] && ranks[at]! < ranks[best]!)
      if (isBetter) best = at
    }
    for (const at of reached) counts[at] = 0
    return best === null ? null : graph.nodes[best]!.id
  }
}

/** Lower ranks come first in the flow; nodes of a circle come last, in the order of the file. */
function ranksOf(next: readonly (readonly number[])[]): Int32Array {
  const missing = new Int32Array(next.length)
  for (const following of next) for (const at of following) missing[at]!++
  const ranks = new Int32Array(next.length)
  const ready = [...next.keys()].filter((at) => missing[at] === 0)
  for (const at of ready) {
    for (const following of next[at]!) if (--missing[following]! === 0) ready.push(following)
  }
  for (const at of next.keys()) ranks[at] = next.length + at
  for (const [rank, at] of ready.entries()) ranks[at] = rank
  return ranks
}
