import { Bits } from './bits.ts'
import type { Graph } from './schema.ts'

/** The flow of a graph by numbers: node `n` is `graph.nodes[n]`. */
export interface NumberedFlow {
  numbers: ReadonlyMap<string, number>
  /** By node: those that its connections lead to. */
  next: readonly (readonly number[])[]
  /** Every node once: a group is a circle, or one node in none. A group comes behind all that it leads to. */
  groups: readonly (readonly number[])[]
}

export function numberFlow(graph: Graph): NumberedFlow {
  const numbers = new Map(graph.nodes.map(({ id }, number) => [id, number]))
  const next = graph.nodes.map((): number[] => [])
  for (const { from, to } of graph.connections) next[numbers.get(from.node)!]!.push(numbers.get(to.node)!)
  return { numbers, next, groups: groupsOf(next) }
}

/**
 * For each node what can be gathered from all nodes that it leads to, however far; in a circle also from itself.
 * @param own what each node adds, all of one limit
 */
export function gatherBelow(
  { next, groups }: NumberedFlow,
  own: readonly Bits[],
  limit: number,
): readonly Bits[] {
  const rows: Bits[] = []
  for (const group of groups) {
    const row = new Bits(limit)
    for (const node of group) {
      if (group.length > 1) row.addAll(own[node]!)
      for (const following of next[node]!) {
        row.addAll(own[following]!)
        if (rows[following]) row.addAll(rows[following])
      }
    }
    for (const node of group) rows[node] = row
  }
  return rows
}

/** Strongly connected components, by Tarjan's algorithm without recursion: a chain may be thousands of nodes long. */
function groupsOf(next: readonly (readonly number[])[]): number[][] {
  const groups: number[][] = []
  const seen: number[] = []
  const lowest: number[] = []
  const open: number[] = []
  const isOpen: boolean[] = []
  let count = 0
  for (const start of next.keys()) {
    const path = seen[start] === undefined ? [{ node: start, tried: 0 }] : []
    for (let here = path.at(-1); here; here = path.at(-1)) {
      const { node } = here
      if (here.tried === 0) {
        seen[node] = lowest[node] = count++
        open.push(node)
        isOpen[node] = true
      }
      const following = next[node]![here.tried++]
      if (following !== undefined) {
        if (seen[following] === undefined) path.push({ node: following, tried: 0 })
        else if (isOpen[following]) lowest[node] = Math.min(lowest[node]!, seen[following])
        continue
      }
      path.pop()
      const before = path.at(-1)?.node
      if (before !== undefined) lowest[before] = Math.min(lowest[before]!, lowest[node]!)
      if (lowest[node] !== seen[node]) continue
      const group = open.splice(open.lastIndexOf(node))
      for (const each of group) isOpen[each] = false
      groups.push(group)
    }
  }
  return groups
}
