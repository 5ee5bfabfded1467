import { onScopeDispose, ref, shallowRef } from 'vue'
import type { AuditEntry, AuditFilter } from '../../../nodes/api/audit.ts'
import { useApi } from '../../api/client.ts'

const PAGE_SIZE = 50

/** The entries that fit, newest first, page by page. */
export function useAuditList(filter: () => AuditFilter) {
  const api = useApi()
  const rows = shallowRef<readonly AuditEntry[]>([])
  const next = ref<number | null>(null)
  const isLoading = ref(false)
  const isLoaded = ref(false)
  const error = shallowRef<unknown>(null)
  let search = new AbortController()

  async function load(before: number | undefined) {
    search.abort()
    const { signal } = (search = new AbortController())
    isLoading.value = true
    try {
      const query = { ...filter(), limit: PAGE_SIZE, ...(before !== undefined && { before }) }
      const page = await api.call('listAudit', { query, signal })
      if (signal.aborted) return
      rows.value = before === undefined ? page.entries : [...rows.value, ...page.entries]
      next.value = page.next
      isLoaded.value = true
      error.value = null
    } catch (thrown) {
      if (signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
  }

  onScopeDispose(() => search.abort())
  const restart = () => load(undefined)
  const more = () => load(next.value ?? undefined)
  return { rows, next, isLoading, isLoaded, error, restart, more }
}
