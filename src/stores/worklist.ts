import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { WorklistCounts } from '../../nodes/api/approvals.ts'
import { useApi } from '../api/client.ts'
import { useSession } from './session.ts'

/** How much waits for the member who is signed in. */
export const useWorklistCounts = defineStore('to-do', () => {
  const api = useApi()
  const session = useSession()
  const counts = shallowRef<WorklistCounts>({ decide: 0, copied: 0 })

  /** A count that does not come leaves the one there was. */
  async function count() {
    if (!session.member) return
    counts.value = await api.call('countWorklist').catch(() => counts.value)
  }
  return { counts, count }
})
