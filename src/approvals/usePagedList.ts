import { onScopeDispose, ref, shallowRef } from 'vue'

const PAGE_SIZE = 30
const MAX_PAGE_SIZE = 100

interface Page<Entry> {
  entries: readonly Entry[]
  next: string | null
}

/** A list that comes page by page, and is looked at again while it is shown. */
export function usePagedList<Entry>(
  ask: (query: { before?: string | undefined; limit: number }, signal: AbortSignal) => Promise<Page<Entry>>,
) {
  const entries = shallowRef<readonly Entry[]>([])
  const next = ref<string | null>(null)
  const isLoaded = ref(false)
  const isLoading = ref(false)
  const error = shallowRef<unknown>(null)
  let latest = new AbortController()
  onScopeDispose(() => latest.abort())

  async function load(before: string | undefined, limit: number) {
    latest.abort()
    const { signal } = (latest = new AbortController())
    isLoading.value = true
    try {
      const page = await ask({ before, limit }, signal)
      if (signal.aborted) return
      entries.value = before === undefined ? page.entries : [...entries.value, ...page.entries]
      next.value = page.next
      isLoaded.value = true
      error.value = null
    } catch (thrown) {
      if (signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
  }

  async function restart() {
    entries.value = []
    isLoaded.value = false
    await load(undefined, PAGE_SIZE)
  }
  async function more() {
    if (next.value !== null && !isLoading.value) await load(next.value, PAGE_SIZE)
  }
  /** Takes over what has changed; a list that is longer than one answer stays as it is. */
  async function refresh() {
    if (isLoading.value || entries.value.length > MAX_PAGE_SIZE) return
    await load(undefined, Math.max(PAGE_SIZE, entries.value.length))
  }
  return { entries, next, isLoaded, isLoading, error, restart, more, refresh }
}
