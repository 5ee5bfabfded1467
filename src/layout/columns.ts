import type { Graph } from '../../nodes/graph/schema.ts'

/** One node stands in a column further left than another one. */
export interface Before {
  from: string
  to: string
}

/**
 * The column of every node: the first that is right of all that lead to it. A circle, which only old files have, is cut
 * at one of its connections.
 */
export function columnsOf(nodes: Graph['nodes'], order: readonly Before[]): Map<string, number> {
  const next = new Map<string, string[]>(nodes.map(({ id }) => [id, []]))
  const missing = new Map(nodes.map(({ id }) => [id, 0]))
  for (const { from, to } of order) {
    if (!missing.has(to) || !next.has(from)) continue
    next.get(from)!.push(to)
    missing.set(to, missing.get(to)! + 1)
  }
  const columns = new Map(nodes.map(({ id }) => [id, 0]))
  const ready = nodes.filter(({ id }) => missing.get(id) === 0).map(({ id }) => id)
  const waiting = new Set(nodes.map(({ id }) => id))
  while (waiting.size > 0) {
    const id = ready.pop() ?? waiting.values().next().value!
    if (!waiting.delete(id)) continue
    for (const to of next.get(id)!) {
      if (!waiting.has(to)) continue
      columns.set(to, Math.max(columns.get(to)!, columns.get(id)! + 1))
      missing.set(to, missing.get(to)! - 1)
      if (missing.get(to) === 0) ready.push(to)
    }
  }
  return columns
}
