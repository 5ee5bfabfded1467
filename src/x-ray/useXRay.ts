import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { z } from 'zod'
import type { XRay, XRayPerson, XRayText, xRayRequest } from '../../nodes/api/x-ray.ts'
import { useApi } from '../api/client.ts'

/** What is asked; `offset` and `limit` are the list's own. */
export type XRayQuestion = Omit<z.input<typeof xRayRequest>, 'offset' | 'limit'>
/** A person of the list with the text that this person gets. */
export type ListedPerson = XRayPerson & { reads: XRayText | null }

interface Options {
  /** People that are listed at first. */
  limit?: number
  /** Rises with every change of the graph, which is too large to be compared. */
  version?: () => number
}

/** Typing shall not ask for every letter. */
const PAUSE_MS = 300
const PAGE = 50

/**
 * Follows what a dialog or form says and shows who would get the text. Only the latest question counts: an answer to
 * an older one is dropped. A failed question keeps the answer there was.
 * @param question `null`: there is nothing to ask
 */
export function useXRay(
  question: () => XRayQuestion | null,
  { limit = PAGE, version = () => 0 }: Options = {},
) {
  const api = useApi()
  const answer = shallowRef<XRay>()
  const people = shallowRef<readonly ListedPerson[]>([])
  const error = shallowRef<unknown>(null)
  const isLoading = ref(false)
  const isLoadingMore = ref(false)
  let latest = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(offset: number) {
    const asked = question()
    latest.abort()
    const { signal } = (latest = new AbortController())
    if (!asked) return
    isLoading.value = offset === 0
    isLoadingMore.value = offset > 0
    try {
      const came = await api.call('xRaySmsStep', { body: { ...asked, offset, limit }, signal })
      if (signal.aborted) return
      const page = came.people.map((person) => ({
        ...person,
        reads: person.text === null ? null : came.texts[person.text]!,
      }))
      people.value = offset === 0 ? page : [...people.value, ...page]
      if (offset === 0) answer.value = came
      error.value = null
    } catch (thrown) {
      if (signal.aborted) return
      error.value = thrown
    }
    isLoading.value = false
    isLoadingMore.value = false
  }

  watch(
    () => `${version()} ${JSON.stringify({ ...question(), graph: null })}`,
    (_, before) => {
      clearTimeout(timer)
      isLoading.value = true
      timer = setTimeout(() => void ask(0), before === undefined ? 0 : PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    latest.abort()
  })
  return {
    answer,
    people,
    error,
    isLoading,
    isLoadingMore,
    more: () => ask(people.value.length),
    again: () => ask(0),
  }
}
