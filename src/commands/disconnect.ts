import type { Command } from '../stores/graph-document.ts'
import { removed } from './changes.ts'

/** Removes connections. */
export function disconnect(connectionIds: Iterable<string>): Command {
  return (document) => {
    const ids = new Set(connectionIds)
    const connections = removed(document.connections, (connection) => ids.has(connection.id))
    return connections.length > 0 ? { command: 'disconnect', nodes: [], connections } : null
  }
}
