import { canonicalJson } from '../../nodes/graph/canonical.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'

/** What a function says of itself besides its graph. */
export type FunctionSettings = Pick<Graph, 'description' | 'history' | 'onErrorFunction' | 'process'>

/** Changes the settings of the function. */
export function setSettings({ description, history, onErrorFunction, process }: FunctionSettings): Command {
  return ({ head }) => {
    const { description: _, history: __, onErrorFunction: ___, process: ____, ...rest } = head
    const after = {
      ...rest,
      description,
      ...(history && { history }),
      ...(onErrorFunction && { onErrorFunction }),
      ...(process && { process }),
    }
    if (canonicalJson(after) === canonicalJson(head)) return null
    return { command: 'set-settings', nodes: [], connections: [], head: { before: head, after } }
  }
}
