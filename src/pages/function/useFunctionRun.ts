import { computed, ref, shallowRef, watch } from 'vue'
import type { DryRunOutcome, RunSummary } from '../../../nodes/api/runs.ts'
import type { FieldProblem } from '../../../nodes/errors.ts'
import type { JsonObject } from '../../../nodes/json.ts'
import { ApiError } from '../../api/api-error.ts'
import { useApi } from '../../api/client.ts'
import type { GraphStore } from '../../stores/graph-store.ts'
import { isOver, nodeRunStates } from '../../stores/run-events.ts'
import { useRunFollowing } from './useRunFollowing.ts'

/** The run that is shown on the canvas and in the run panel: a new one, or one of the recent ones. */
export function useFunctionRun(functionName: string, store: GraphStore) {
  const api = useApi()
  const following = useRunFollowing(() => void loadRecent())
  const { run } = following
  const isStarting = ref(false)
  /** Inputs that the server refused when a run was last to be started. */
  const refusedInputs = shallowRef<readonly FieldProblem[]>([])
  const recent = shallowRef<readonly RunSummary[] | null>(null)
  const recentError = shallowRef<unknown>(null)

  /** Starts a run of what the page shows; the caller has kept the draft. @throws ApiError where it did not start */
  async function start(input: JsonObject, dryRun?: DryRunOutcome) {
    isStarting.value = true
    refusedInputs.value = []
    try {
      const started = await api.call('startRun', {
        params: { name: functionName },
        query: {
          version: 'draft',
          wait: 0,
          ...(dryRun && { dryRun: 'true', outcome: dryRun, pins: 'true' }),
        },
        body: input,
      })
      following.show({ steps: [], ...started })
    } catch (reason) {
      if (reason instanceof ApiError && reason.code.startsWith('INPUT_')) refusedInputs.value = reason.fields
      throw reason
    } finally {
      isStarting.value = false
    }
  }

  async function loadRecent() {
    try {
      recent.value = await api.call('listRuns', { query: { function: functionName, limit: 20 } })
      recentError.value = null
    } catch (reason) {
      recentError.value = reason
    }
  }

  watch(following.rounds.rows, (rows) => {
    const states = nodeRunStates({ steps: rows.map(({ step }) => step) })
    for (const nodeId of store.runStates.keys()) if (!states.has(nodeId)) store.setRunState(nodeId, null)
    for (const [nodeId, state] of states) {
      if (store.runStates.get(nodeId) !== state) store.setRunState(nodeId, state)
    }
  })

  return {
    ...following,
    isStarting,
    refusedInputs,
    isRunning: computed(() => run.value !== null && !isOver(run.value)),
    recent,
    recentError,
    start,
    loadRecent,
  }
}
export type FunctionRun = ReturnType<typeof useFunctionRun>
