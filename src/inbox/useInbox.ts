import { onActivated, onDeactivated, onMounted, onScopeDispose, ref, shallowRef } from 'vue'
import type { InboxEvent } from '../../nodes/api/inbox.ts'
import type { InboxEntry } from '../../nodes/inbox.ts'
import { useApi } from '../api/client.ts'
import { useErrorText } from '../api/useErrorText.ts'
import { useToast } from '../ui/index.ts'
import { addEntry, appendPage, changeEntry, readAll } from './entries.ts'

/**
 * The inbox of one member, live while it is shown. Entries keep their places while somebody looks at them: what is read
 * moves down only when the inbox is opened anew.
 */
export function useInbox(memberId: string) {
  const api = useApi()
  const toast = useToast()
  const errorText = useErrorText()
  const entries = shallowRef<readonly InboxEntry[]>([])
  const unread = ref<number | null>(null)
  const next = ref<string | null>(null)
  const isLoaded = ref(false)
  const isLoading = ref(false)
  const error = shallowRef<unknown>(null)
  const params = { member: memberId }
  let stop: (() => void) | undefined
  const ended = new AbortController()
  onScopeDispose(() => ended.abort())

  async function load(before?: string) {
    isLoading.value = true
    try {
      const page = await api.call('listInbox', { params, query: { before }, signal: ended.signal })
      entries.value = before === undefined ? page.entries : appendPage(entries.value, page.entries)
      next.value = page.next
      unread.value = page.unread
      isLoaded.value = true
      error.value = null
    } catch (thrown) {
      if (ended.signal.aborted) return
      error.value = thrown
    } finally {
      isLoading.value = false
    }
  }

  function hear(event: InboxEvent) {
    unread.value = event.unread
    if (event.type === 'added') entries.value = addEntry(entries.value, event.entry)
    if (event.type === 'changed') entries.value = changeEntry(entries.value, event.entry)
    if (event.type === 'all-read') entries.value = readAll(entries.value)
  }

  /** A stream takes a connection of the browser: only an inbox that is seen has one. */
  function follow() {
    stop ??= api.events('inboxEvents', {
      params,
      onOpen: () => void load(),
      onEvent: hear,
      onError(problem, final) {
        if (final || !isLoaded.value) error.value = problem
      },
    })
  }
  function rest() {
    stop?.()
    stop = undefined
  }
  onMounted(follow)
  onActivated(follow)
  onDeactivated(rest)
  onScopeDispose(rest)

  function retry() {
    rest()
    error.value = null
    follow()
  }

  async function mark({ id }: InboxEntry, read: boolean) {
    try {
      const changed = await api.call('markInboxEntry', { params: { ...params, id }, body: { read } })
      entries.value = changeEntry(entries.value, changed)
    } catch (thrown) {
      toast({ kind: 'error', ...errorText(thrown) })
    }
  }
  async function markAll() {
    try {
      await api.call('markInboxRead', { params })
      entries.value = readAll(entries.value)
      unread.value = 0
    } catch (thrown) {
      toast({ kind: 'error', ...errorText(thrown) })
    }
  }
  const more = async () => {
    if (next.value !== null && !isLoading.value) await load(next.value)
  }
  return { entries, unread, next, isLoaded, isLoading, error, retry, more, mark, markAll }
}
