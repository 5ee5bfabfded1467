import { z } from 'zod'
import { GRAPH_LIMITS, graphConnection, graphNode } from '../../nodes/graph/schema.ts'
import type { GraphDocument } from '../stores/graph-document.ts'

/** Part of a graph as text on the clipboard, for other tabs and other installations. */
export const graphFragment = z.strictObject({
  kind: z.literal('sms-logic/graph-fragment'),
  version: z.literal(1),
  nodes: z.array(graphNode).min(1).max(GRAPH_LIMITS.nodes),
  connections: z.array(graphConnection).max(GRAPH_LIMITS.connections),
})
export type GraphFragment = z.infer<typeof graphFragment>

/** Nodes with the connections between them; `null` where none of the ids exists. */
export function copyFragment(document: GraphDocument, nodeIds: Iterable<string>): GraphFragment | null {
  const ids = new Set(nodeIds)
  const nodes = [...document.nodes.values()].filter((node) => ids.has(node.id))
  if (nodes.length === 0) return null
  const connections = [...document.connections.values()].filter(
    ({ from, to }) => ids.has(from.node) && ids.has(to.node),
  )
  return { kind: 'sms-logic/graph-fragment', version: 1, nodes, connections }
}

/** Reads clipboard text; `null` where it is something else. */
export function parseFragment(text: string): GraphFragment | null {
  if (text.length > GRAPH_LIMITS.bytes || !text.trimStart().startsWith('{')) return null
  try {
    const parsed = graphFragment.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
