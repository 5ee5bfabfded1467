import type { GraphNode } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'
import { changed } from './changes.ts'

/** Gives a node another title; an empty one lets it be called by its type again. */
export function renameNode(nodeId: string, title: string): Command {
  return (document) => {
    const before = document.nodes.get(nodeId)
    if (!before) return null
    const after = withTitle(before, title)
    if (after.title === before.title) return null
    return { command: 'rename-node', nodes: [changed(before, after)], connections: [] }
  }
}

/** A node with this title, without the field where the title is empty. */
export function withTitle({ title: _, ...node }: GraphNode, title: string): GraphNode {
  const trimmed = title.trim()
  return trimmed ? { ...node, title: trimmed } : node
}
