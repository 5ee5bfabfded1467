import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { DryRunOutcome, Run, RunEvent, RunSummary } from '../../../nodes/api/runs.ts'
import type { JsonObject } from '../../../nodes/json.ts'
import { useApi } from '../../api/client.ts'
import type { GraphStore } from '../../stores/graph-store.ts'
import { applyRunEvent, isOver, nodeRunStates } from '../../stores/run-events.ts'

/** Events of one step of the page are shown together: a thousand recipients settle in a few redraws. */
const GATHER_MS = 30

/** The run that is shown on the canvas and in the run panel: a new one, or one of the recent ones. */
export function useFunctionRun(functionName: string, store: GraphStore) {
  const api = useApi()
  const run = shallowRef<Run | null>(null)
  const isStarting = ref(false)
  const isCancelling = ref(false)
  const isLost = ref(false)
  const error = shallowRef<unknown>(null)
  const recent = shallowRef<readonly RunSummary[] | null>(null)
  const recentError = shallowRef<unknown>(null)
  let stopFollowing = () => {}

  /** Starts a run of what the page shows; the caller has kept the draft. @throws ApiError where it did not start */
  async function start(input: JsonObject, dryRun?: DryRunOutcome) {
    isStarting.value = true
    try {
      const started = await api.call('startRun', {
        params: { name: functionName },
        query: { version: 'draft', wait: 0, ...(dryRun && { dryRun: 'true', outcome: dryRun }) },
        body: input,
      })
      show(started)
    } finally {
      isStarting.value = false
    }
  }

  function show(shown: Run) {
    leave()
    run.value = shown
    if (!isOver(shown)) follow(shown.id)
    void loadRecent()
  }

  async function openRun(id: string) {
    error.value = null
    try {
      show(await api.call('getRun', { params: { id } }))
    } catch (reason) {
      error.value = reason
    }
  }

  function follow(id: string) {
    let gathered: RunEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const apply = () => {
      timer = undefined
      run.value = gathered.reduce(applyRunEvent, run.value)
      gathered = []
      if (!run.value || !isOver(run.value)) return
      stopFollowing()
      void loadRecent()
    }
    const end = api.events('runEvents', {
      params: { id },
      onEvent(event) {
        gathered.push(event)
        timer ??= setTimeout(apply, GATHER_MS)
      },
      onOpen: () => (isLost.value = false),
      onError: (reason, isFinal) => {
        isLost.value = !isFinal
        if (isFinal) error.value = reason
      },
    })
    stopFollowing = () => {
      end()
      clearTimeout(timer)
      isLost.value = false
      stopFollowing = () => {}
    }
  }

  async function cancel() {
    const shown = run.value
    if (!shown) return
    isCancelling.value = true
    try {
      await api.call('cancelRun', { params: { id: shown.id } })
    } catch (reason) {
      error.value = reason
    } finally {
      isCancelling.value = false
    }
  }

  /** Takes the run off the page; it goes on by itself. */
  function leave() {
    stopFollowing()
    run.value = null
    error.value = null
  }

  async function loadRecent() {
    try {
      recent.value = await api.call('listRuns', { query: { function: functionName, limit: 20 } })
      recentError.value = null
    } catch (reason) {
      recentError.value = reason
    }
  }

  watch(run, (shown) => {
    const states = nodeRunStates(shown)
    for (const nodeId of store.runStates.keys()) if (!states.has(nodeId)) store.setRunState(nodeId, null)
    for (const [nodeId, state] of states) {
      if (store.runStates.get(nodeId) !== state) store.setRunState(nodeId, state)
    }
  })
  onScopeDispose(leave)

  return {
    run,
    isStarting,
    isCancelling,
    isRunning: computed(() => run.value !== null && !isOver(run.value)),
    isLost,
    error,
    recent,
    recentError,
    start,
    openRun,
    cancel,
    leave,
    loadRecent,
  }
}
export type FunctionRun = ReturnType<typeof useFunctionRun>
