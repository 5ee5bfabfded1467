import { onScopeDispose, ref, shallowRef } from 'vue'
import type { MessageEntry, MessageFilter, MessagePage } from '../../../nodes/api/messages.ts'
import { useApi } from '../../api/client.ts'
import { mergeFirstPage } from './merge-entries.ts'

const PAGE_SIZE = 50
const MAX_PAGE_SIZE = 200

/**
 * The messages that fit, newest first, page by page. A rare one may be far back: the server looks through a part for
 * each request, and the list asks on until its page is full.
 */
export function useMessageList(query: () => MessageFilter) {
  const api = useApi()
  const rows = shallowRef<readonly MessageEntry[]>([])
  const next = ref<string | null>(null)
  const searchedTo = ref<string | null>(null)
  const isLoading = ref(false)
  const isLoaded = ref(false)
  const error = shallowRef<unknown>(null)
  let search = new AbortController()

  const ask = (signal: AbortSignal, before: string | undefined, limit: number): Promise<MessagePage> =>
    api.call('listMessages', { query: { ...query(), before, limit }, signal })

  /** Begins anew: another filter. */
  async function restart() {
    rows.value = []
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
    const wanted = rows.value.length + PAGE_SIZE
    try {
      let from = before
      do {
        const page = await ask(signal, from, wanted - rows.value.length)
        if (signal.aborted) return
        rows.value = [...rows.value, ...page.messages]
        next.value = page.next
        searchedTo.value = page.searchedTo
        isLoaded.value = true
        error.value = null
        from = page.next ?? undefined
      } while (rows.value.length < wanted && from !== undefined)
    } catch (thrown) {
      if (signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
    searchedTo.value = null
  }

  /** Takes over what is new or has changed among the newest ones. */
  async function refresh() {
    if (isLoading.value || !isLoaded.value) return
    const { signal } = search
    try {
      const limit = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, rows.value.length))
      const page = await ask(signal, undefined, limit)
      if (signal.aborted || isLoading.value) return
      const merged = mergeFirstPage({ rows: rows.value, next: next.value }, page)
      rows.value = merged.rows
      next.value = merged.next
      error.value = null
    } catch (thrown) {
      if (!signal.aborted) error.value = thrown
    }
  }

  onScopeDispose(() => search.abort())
  return { rows, next, searchedTo, isLoading, isLoaded, error, restart, more, refresh }
}
