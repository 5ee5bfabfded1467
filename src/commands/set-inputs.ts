import type { GraphInput } from '../../nodes/graph/schema.ts'
import type { Command } from '../stores/graph-document.ts'

/** Changes what a caller of the function passes in. */
export function setInputs(inputs: readonly GraphInput[]): Command {
  return (document) => {
    if (JSON.stringify(document.inputs) === JSON.stringify(inputs)) return null
    return {
      command: 'set-inputs',
      nodes: [],
      connections: [],
      inputs: { before: document.inputs, after: [...inputs] },
    }
  }
}
