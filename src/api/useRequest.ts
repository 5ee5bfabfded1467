import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Loading<T> {
  value: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  isLoading: Ref<boolean>
  /** Asks again; the answer of an older request that comes late is dropped. */
  reload(): Promise<void>
}

/** Asks at once, and keeps what came: the value, or the error. A failed reload keeps the value there was. */
export function useRequest<T>(ask: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const value = shallowRef<T>()
  const error = shallowRef<unknown>(null)
  const isLoading = ref(false)
  let latest = new AbortController()

  async function reload() {
    latest.abort()
    const mine = (latest = new AbortController())
    isLoading.value = true
    try {
      const answer = await ask(mine.signal)
      if (mine.signal.aborted) return
      value.value = answer
      error.value = null
    } catch (thrown) {
      if (mine.signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
  }
  onScopeDispose(() => latest.abort())
  void reload()
  return { value, error, isLoading, reload }
}
