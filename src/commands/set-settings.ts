import type { Graph } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'

/** What a function says of itself besides its graph. */
export type FunctionSettings = Pick<Graph, 'description' | 'history' | 'onErrorFunction'>

/** Changes the settings of the function. */
export function setSettings({ description, history, onErrorFunction }: FunctionSettings): Command {
  return ({ head }) => {
    const isSame =
      head.description === description && head.history === history && head.onErrorFunction === onErrorFunction
    if (isSame) return null
    const { history: _, onErrorFunction: __, ...rest } = head
    return {
      command: 'set-settings',
      nodes: [],
      connections: [],
      head: {
        before: head,
        after: {
          ...rest,
          description,
          ...(history && { history }),
          ...(onErrorFunction && { onErrorFunction }),
        },
      },
    }
  }
}
