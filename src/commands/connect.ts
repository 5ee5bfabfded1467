import type { GraphConnection } from '../../nodes/graph/schema.ts'
import type { Change, Command, PortRef } from '../stores/graph-document.ts'
import { added, removed } from './changes.ts'
import { refuseConnection } from './connection-rules.ts'
import { newConnectionId } from './ids.ts'

/**
 * Draws a wire from an output to an input. An output holds one wire: the one that was there gives way.
 * Does nothing where `refuseConnection` refuses.
 * @param instead  id of the connection whose end was dragged here; it gives way too
 */
export function connect(from: PortRef, to: PortRef, instead?: string): Command {
  return (document) => {
    if (refuseConnection(document, from, to, instead)) return null
    const givesWay: Change<GraphConnection>[] = removed(
      document.connections,
      (each) => each.id === instead || (each.from.node === from.node && each.from.port === from.port),
    )
    const connection = { id: newConnectionId(document), from: { ...from }, to: { ...to } }
    return { command: 'connect', nodes: [], connections: [...givesWay, added(connection)] }
  }
}
