import type { Graph } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'

/** What a function says of itself besides its graph. */
export type FunctionSettings = Pick<Graph, 'description' | 'history'>

/** Changes the settings of the function. */
export function setSettings({ description, history }: FunctionSettings): Command {
  return ({ head }) => {
    if (head.description === description && head.history === history) return null
    const { history: _, ...rest } = head
    return {
      command: 'set-settings',
      nodes: [],
      connections: [],
      head: { before: head, after: { ...rest, description, ...(history && { history }) } },
    }
  }
}
