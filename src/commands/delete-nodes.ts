import type { Command } from '../stores/graph-document.ts'
import { removed } from './changes.ts'

/**
 * What the Delete key does: removes nodes with their connections, and connections that are selected themselves.
 */
export function deleteNodes(nodeIds: Iterable<string>, connectionIds: Iterable<string> = []): Command {
  return (document) => {
    const gone = new Set(nodeIds)
    const cut = new Set(connectionIds)
    const nodes = removed(document.nodes, (node) => gone.has(node.id))
    const connections = removed(
      document.connections,
      ({ id, from, to }) => cut.has(id) || gone.has(from.node) || gone.has(to.node),
    )
    if (nodes.length === 0 && connections.length === 0) return null
    return { command: nodes.length > 0 ? 'delete-nodes' : 'disconnect', nodes, connections }
  }
}
