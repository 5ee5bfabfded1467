import { computed, shallowRef } from 'vue'
import type { Organisation } from '../../../nodes/directory/regions.ts'
import type { Run } from '../../../nodes/api/runs.ts'
import type { JsonObject } from '../../../nodes/json.ts'
import { useApi } from '../../api/client.ts'
import type { SampleSource } from '../../fields/sample-names.ts'
import type { TryIt } from './try-it/useTryIt.ts'
import type { FunctionRun } from './useFunctionRun.ts'

/** Where the fields of values take their samples from: the run that is shown, else the last one, and what is pinned. */
export function useSamples(
  functionName: string,
  current: FunctionRun,
  tryIt: TryIt,
  typed: () => JsonObject,
) {
  const api = useApi()
  const last = shallowRef<Run | null>(null)
  const organisation = shallowRef<Organisation | null>(null)

  const source = computed<SampleSource>(() => ({
    run: current.run.value ?? last.value,
    pins: tryIt.data.value.pins,
    typed: typed(),
    timeZone: organisation.value?.timeZone,
    language: organisation.value?.locale,
  }))

  /** Reads them anew. What cannot be read is no sample: nobody asked for it. */
  async function load() {
    const [recent, around] = await Promise.allSettled([
      api.call('listRuns', { query: { function: functionName, limit: 1 } }),
      api.call('organisation', {}),
    ])
    if (around.status === 'fulfilled') organisation.value = around.value
    const newest = recent.status === 'fulfilled' ? recent.value[0] : undefined
    if (!newest || newest.id === last.value?.id) return
    last.value = await api.call('getRun', { params: { id: newest.id } }).catch(() => null)
  }

  return { source, load }
}
