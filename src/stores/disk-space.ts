import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useApi } from '../api/client.ts'
import { useRights } from './useRights.ts'

/** Whether the server takes further runs, as far as its disk goes. */
export const useDiskSpace = defineStore('disk-space', () => {
  const api = useApi()
  const { can } = useRights()
  /** In MiB; null while there is enough. */
  const low = shallowRef<{ free: number; reserve: number } | null>(null)

  /** An answer that does not come leaves what was known. */
  async function look() {
    if (!can('listRuns')) return
    const health = await api.call('health').catch(() => undefined)
    if (!health) return
    const { disk, freeMiB = 0, reserveMiB = 0 } = health
    low.value = disk === 'low' ? { free: freeMiB, reserve: reserveMiB } : null
  }
  return { low, look }
})
