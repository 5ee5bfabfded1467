import { onScopeDispose, ref, shallowRef } from 'vue'
import type { RunFilter, RunPage, RunSummary } from '../../../nodes/api/runs.ts'
import { useApi } from '../../api/client.ts'

const PAGE_SIZE = 50
const MAX_PAGE_SIZE = 200

/**
 * The runs that fit, newest first, page by page. A rare one may be far back: the server looks through a part for each
 * request, and the list asks on until its page is full.
 */
export function useRunList(query: () => RunFilter) {
  const api = useApi()
  const runs = shallowRef<readonly RunSummary[]>([])
  const next = ref<string | null>(null)
  const searchedTo = ref<string | null>(null)
  const isLoading = ref(false)
  const isLoaded = ref(false)
  const error = shallowRef<unknown>(null)
  let search = new AbortController()

  const ask = (signal: AbortSignal, before: string | undefined, limit: number): Promise<RunPage> =>
    api.call('searchRuns', { query: { ...query(), before, limit }, signal })

  async function restart() {
    runs.value = []
    next.value = null
    isLoaded.value = false
    await load(undefined)
  }
  async function more() {
    if (next.value !== null && !isLoading.value) await load(next.value)
  }

  async function load(before: string | undefined) {
    search.abort()
    const { signal } = (search = new AbortController())
    isLoading.value = true
    const wanted = runs.value.length + PAGE_SIZE
    try {
      let from = before
      do {
        const page = await ask(signal, from, wanted - runs.value.length)
        if (signal.aborted) return
        runs.value = [...runs.value, ...page.runs]
        next.value = page.next
        searchedTo.value = page.searchedTo
        isLoaded.value = true
        error.value = null
        from = page.next ?? undefined
      } while (runs.value.length < wanted && from !== undefined)
    } catch (thrown) {
      if (signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
    searchedTo.value = null
  }

  /** Takes over what is new or has changed among the newest ones; what is older stays. */
  async function refresh() {
    if (isLoading.value || !isLoaded.value) return
    const { signal } = search
    const limit = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, runs.value.length))
    try {
      const page = await ask(signal, undefined, limit)
      if (signal.aborted || isLoading.value) return
      const below = page.next
      const older = below === null ? [] : runs.value.filter(({ id }) => id < below)
      const hasGap = below !== null && older.length === runs.value.length && older.length > 0
      runs.value = hasGap ? page.runs : [...page.runs, ...older]
      if (hasGap || older.length === 0) next.value = page.next
      error.value = null
    } catch (thrown) {
      if (!signal.aborted) error.value = thrown
    }
  }

  onScopeDispose(() => search.abort())
  return { runs, next, searchedTo, isLoading, isLoaded, error, restart, more, refresh }
}
