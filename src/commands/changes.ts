import type { GraphConnection, GraphNode } from '../../nodes/graph/schema.ts'
import type { Change, GraphDocument, PortRef } from '../stores/graph-document.ts'

/** A new node or connection. */
export function added<Item extends { id: string }>(item: Item): Change<Item> {
  return { id: item.id, before: null, after: item }
}

/** The same node with other contents. */
export function changed(before: GraphNode, after: GraphNode): Change<GraphNode> {
  return { id: before.id, before, after }
}

/** Removes everything that fits, each with the place it stood at. */
export function removed<Item extends { id: string }>(
  items: ReadonlyMap<string, Item>,
  fits: (item: Item) => boolean,
): Change<Item>[] {
  const changes: Change<Item>[] = []
  let index = 0
  for (const item of items.values()) {
    if (fits(item)) changes.push({ id: item.id, before: item, after: null, index })
    index++
  }
  return changes
}

/** The one connection that leaves a port. */
export function connectionFrom(
  document: GraphDocument,
  { node, port }: PortRef,
): GraphConnection | undefined {
  for (const connection of document.connections.values()) {
    if (connection.from.node === node && connection.from.port === port) return connection
  }
  return undefined
}
