import { onScopeDispose, ref, shallowRef } from 'vue'
import type { Run, RunEvent } from '../../../nodes/api/runs.ts'
import { isSettled } from '../../../nodes/messages.ts'
import { useApi } from '../../api/client.ts'
import { useRunRounds } from './useRunRounds.ts'
import { applyRunEvent, isDelivering, isOver } from '../../stores/run-events.ts'

/** Events of one step of the page are shown together: a thousand recipients settle in a few redraws. */
const GATHER_MS = 30

/**
 * One run as it goes on: opened, followed while it is under way, cancelled.
 * @param changed a run was opened or has ended: lists of runs are out of date
 */
export function useRunFollowing(changed: () => void) {
  const api = useApi()
  const run = shallowRef<Run | null>(null)
  const isCancelling = ref(false)
  const isResuming = ref(false)
  const isLost = ref(false)
  const error = shallowRef<unknown>(null)
  let stopFollowing = () => {}

  function show(shown: Run) {
    leave()
    run.value = shown
    if (!isOver(shown) || isDelivering(shown)) follow(shown.id)
    changed()
  }

  /** Shows a run that the server does not keep. @param stop called when it is left */
  function present(shown: Run, stop = () => {}) {
    leave()
    run.value = shown
    stopFollowing = () => {
      stop()
      stopFollowing = () => {}
    }
  }

  async function openRun(id: string) {
    error.value = null
    try {
      show(await api.call('getRun', { params: { id } }))
    } catch (reason) {
      error.value = reason
    }
  }

  /** Until the run is over, all of its messages are settled, and no receipt is waited for. */
  function follow(id: string) {
    let gathered: RunEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const apply = () => {
      timer = undefined
      const wasOver = run.value !== null && isOver(run.value)
      run.value = gathered.reduce(applyRunEvent, run.value)
      gathered = []
      if (!run.value || !isOver(run.value)) return
      if (!isDelivering(run.value) && !hasOpenMessages(run.value)) stopFollowing()
      if (!wasOver) changed()
    }
    const end = api.events('runEvents', {
      params: { id },
      query: { deliveries: 'true' },
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

  /** Lets a run in quarantine go on. */
  async function resume() {
    const shown = run.value
    if (!shown) return
    isResuming.value = true
    try {
      show(await api.call('resumeRun', { params: { id: shown.id } }))
    } catch (reason) {
      error.value = reason
    } finally {
      isResuming.value = false
    }
  }

  /** Sends the failed messages of a step again, and shows what becomes of them. */
  async function retryFailed(path: string, unknown: boolean) {
    const shown = run.value
    if (!shown) return
    try {
      await api.call('retryFailed', { params: { id: shown.id, path }, body: { unknown } })
      stopFollowing()
      follow(shown.id)
    } catch (reason) {
      error.value = reason
    }
  }

  /** Takes the run off the page; it goes on by itself. */
  function leave() {
    stopFollowing()
    run.value = null
    error.value = null
  }
  onScopeDispose(leave)

  const rounds = useRunRounds(run)

  return {
    run,
    rounds,
    isCancelling,
    isResuming,
    isLost,
    error,
    show,
    present,
    openRun,
    cancel,
    resume,
    retryFailed,
    leave,
  }
}

function hasOpenMessages(run: Run): boolean {
  return run.steps.some((step) => step.messages?.some(({ state }) => !isSettled(state)))
}
export type RunFollowing = ReturnType<typeof useRunFollowing>
