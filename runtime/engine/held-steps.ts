import type { Graph } from '../../nodes/graph/schema.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { OpenRun, StepRecord } from '../ledger/ledger.ts'

/**
 * What a run in quarantine had begun and no record holds yet: steps with messages, and the step at which the process
 * died. For showing only; once the run goes on, it walks them anew.
 */
export function heldSteps({ run, steps, messages }: OpenRun, graph: Graph): StepRecord[] {
  const recorded = new Set(steps.map(({ path }) => path))
  const guilty = run.error?.nodeId
  const paths = new Set([...messages.map(({ path }) => path), ...(guilty === undefined ? [] : [guilty])])
  return [...paths]
    .filter((path) => !recorded.has(path))
    .map((path): StepRecord => {
      const own = messages.filter((message) => message.path === path)
      const isOver = own.length > 0 && own.every(({ state }) => isSettled(state))
      const times = own.map(({ updated }) => updated)
      return {
        path,
        node: nodeOf(path),
        type: graph.nodes.find(({ id }) => id === nodeOf(path))?.type ?? '',
        status: path === guilty ? 'failed' : isOver ? 'done' : 'running',
        port: null,
        ...(path === guilty && { error: run.error! }),
        started: own[0]?.created ?? run.created,
        finished: isOver ? Math.max(...times) : null,
      }
    })
}

/** `loop-1:3/send` is a step of the node `send`. */
function nodeOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
