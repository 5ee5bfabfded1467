import { onScopeDispose, shallowRef, watch } from 'vue'
import type { NodeDefinition } from '../../../nodes/define.ts'
import type { Problem } from '../../../nodes/graph/problems.ts'
import { validateGraph, type Surroundings } from '../../../nodes/graph/validate-graph.ts'
import type { GraphStore } from '../../stores/graph-store.ts'

/** Quiet time before a changed graph is checked, so that dragging and typing never wait for it. */
const QUIET_MS = 150

/** Checks the graph after each change and hands the problems to the store, which shows them on the nodes. */
export function useGraphProblems(
  store: GraphStore,
  definitions: readonly NodeDefinition[],
  around: () => Surroundings,
) {
  const problems = shallowRef<readonly Problem[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Checks now. @returns the problems that keep the function from running */
  function check(): readonly Problem[] {
    clearTimeout(timer)
    problems.value = validateGraph(store.graph(), definitions, around())
    store.setProblems(problems.value)
    return problems.value.filter((each) => each.severity === 'error')
  }

  watch(
    () => [store.version, ...Object.values(around())],
    () => {
      clearTimeout(timer)
      timer = setTimeout(check, QUIET_MS)
    },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { problems, check }
}
