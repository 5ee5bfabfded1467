import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useApi } from '../api/client.ts'
import { readStored, writeStored } from './storage.ts'

/** Whose inbox this browser looks at, and how much there is unread. */
export const useInboxChoice = defineStore('inbox', () => {
  const api = useApi()
  const memberId = ref(readStored('inbox-member') || null)
  const unread = ref(0)

  function choose(id: string | null) {
    memberId.value = id
    unread.value = 0
    writeStored('inbox-member', id ?? '')
    void count()
  }
  /** A count that does not come leaves the one there was. */
  async function count() {
    const member = memberId.value
    if (member === null) return
    const counted = await api.call('countUnread', { params: { member } }).catch(() => undefined)
    if (counted && memberId.value === member) unread.value = counted.unread
  }
  return { memberId, unread, choose, count }
})
