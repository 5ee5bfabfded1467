import { onScopeDispose, shallowRef } from 'vue'
import type { MessageCountsAnswer, MessageFilter } from '../../../nodes/api/messages.ts'
import { useApi } from '../../api/client.ts'

/** Counts under a filter. The last complete answer stays until the next one is complete. */
export function useMessageCounts(query: () => MessageFilter) {
  const api = useApi()
  const counts = shallowRef<MessageCountsAnswer | null>(null)
  let counting = new AbortController()

  async function restart() {
    counts.value = null
    await refresh()
  }

  async function refresh() {
    counting.abort()
    const { signal } = (counting = new AbortController())
    try {
      for (;;) {
        const answer = await api.call('countMessages', { query: query(), signal })
        if (signal.aborted) return
        if (answer.isComplete || !counts.value?.isComplete) counts.value = answer
        if (answer.isComplete) return
      }
    } catch {
      // The list asks the same server and shows what is wrong.
    }
  }

  onScopeDispose(() => counting.abort())
  return { counts, restart, refresh }
}
