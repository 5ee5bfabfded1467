import { computed, ref } from 'vue'
import type { Ref } from 'vue'
import type { Run } from '../../../nodes/api/runs.ts'
import { useApi } from '../../api/client.ts'
import { useErrorText } from '../../api/useErrorText.ts'
import { useI18n } from '../../i18n/index.ts'
import { useRunToLoad } from '../../stores/run-to-load.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useToast } from '../../ui/index.ts'
import { useRights } from '../../stores/useRights.ts'

/** What can be made of a run: the same once more, going on where it failed, or its data in the editor. */
export function useRunActions(run: Readonly<Ref<Run | null>>) {
  const { t } = useI18n()
  const { can } = useRights()
  const api = useApi()
  const tabs = useTabs()
  const toast = useToast()
  const errorText = useErrorText()
  const toLoad = useRunToLoad()
  const isBusy = ref(false)

  /** Opens the new run; says why there is none. */
  async function open(start: (id: string) => Promise<Run>) {
    if (!run.value || isBusy.value) return
    isBusy.value = true
    try {
      const started = await start(run.value.id)
      tabs.show({ page: 'run', id: started.id })
    } catch (reason) {
      const { title, text } = errorText(reason)
      toast({ kind: 'error', title, text })
    } finally {
      isBusy.value = false
    }
  }

  const again = (version?: 'draft') =>
    open((id) => api.call('runAgain', { params: { id }, query: { ...(version && { version }) } }))
  const retry = () => open((id) => api.call('retryRun', { params: { id }, query: {} }))

  function load() {
    if (!run.value) return
    const { functionName, id } = run.value
    toLoad.ask(functionName, id)
    tabs.show({ page: 'function', name: functionName })
  }

  /** Neither a test send nor a login code can be walked again: they are no functions. */
  const isReal = computed(
    () => run.value !== null && run.value.trigger !== 'test' && run.value.trigger !== 'code',
  )
  const canRetry = computed(
    () =>
      isReal.value &&
      can('retryRun') &&
      (run.value!.status === 'failed' || run.value!.status === 'cancelled') &&
      !run.value!.dryRun &&
      run.value!.trigger !== 'debug' &&
      !run.value!.followers?.some(({ kind }) => kind === 'retry'),
  )
  const againItems = computed(() => [
    { label: t('runs.again.published'), run: () => void again() },
    { label: t('runs.again.draft'), run: () => void again('draft') },
  ])
  return {
    isBusy,
    canRetry,
    canRunAgain: computed(() => isReal.value && can('runAgain')),
    againItems,
    retry,
    load,
  }
}
