import { onScopeDispose, ref, shallowRef } from 'vue'
import type { RunStatus, RunSummary } from '../../../nodes/api/runs.ts'
import { useApi } from '../../api/client.ts'

export interface RunFilter {
  function: string | null
  status: RunStatus | null
}

const PAGE_SIZE = 50
const MAX_PAGE_SIZE = 200

/** The runs that fit, newest first, page by page. */
export function useRunList(filter: () => RunFilter) {
  const api = useApi()
  const runs = shallowRef<readonly RunSummary[]>([])
  const hasMore = ref(false)
  const isLoading = ref(false)
  const isLoaded = ref(false)
  const error = shallowRef<unknown>(null)
  let latest = new AbortController()

  const ask = (signal: AbortSignal, before: string | undefined, limit: number) => {
    const { function: name, status } = filter()
    const query = { function: name ?? undefined, status: status ?? undefined, before, limit }
    return api.call('listRuns', { query, signal })
  }

  async function restart() {
    runs.value = []
    isLoaded.value = false
    await load(undefined)
  }
  async function more() {
    if (!isLoading.value) await load(runs.value.at(-1)?.id)
  }

  async function load(before: string | undefined) {
    latest.abort()
    const { signal } = (latest = new AbortController())
    isLoading.value = true
    try {
      const page = await ask(signal, before, PAGE_SIZE)
      if (signal.aborted) return
      runs.value = [...runs.value, ...page]
      hasMore.value = page.length === PAGE_SIZE
      isLoaded.value = true
      error.value = null
    } catch (thrown) {
      if (signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
  }

  /** Takes over what is new or has changed among the newest ones; what is older stays. */
  async function refresh() {
    if (isLoading.value || !isLoaded.value) return
    const { signal } = latest
    const limit = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, runs.value.length))
    try {
      const page = await ask(signal, undefined, limit)
      if (signal.aborted || isLoading.value) return
      const last = page.at(-1)?.id ?? ''
      const older = page.length < limit ? [] : runs.value.filter(({ id }) => id < last)
      const hasGap = older.length === runs.value.length
      runs.value = hasGap ? page : [...page, ...older]
      if (hasGap || older.length === 0) hasMore.value = page.length === limit
      error.value = null
    } catch (thrown) {
      if (!signal.aborted) error.value = thrown
    }
  }

  onScopeDispose(() => latest.abort())
  return { runs, hasMore, isLoading, isLoaded, error, restart, more, refresh }
}
