import { computed, onScopeDispose, shallowRef } from 'vue'
import { useApi } from '../api/client.ts'
import { useErrorText } from '../api/useErrorText.ts'
import { useSession } from '../stores/session.ts'
import { useToast, type UiOption } from '../ui/index.ts'
import type { Person } from './request-texts.ts'

const SEARCH_PAUSE_MS = 200
const FOUND_AT_ONCE = 50

/** People in service to choose from, by their names alone. */
export function useColleagues(chosen: readonly Person[] = []) {
  const api = useApi()
  const session = useSession()
  const toast = useToast()
  const errorText = useErrorText()
  const found = shallowRef<readonly Person[]>([])
  const known = shallowRef(new Map(chosen.map((each) => [each.member, each])))
  let pause: ReturnType<typeof setTimeout> | undefined
  let latest = ''

  /** Whoever came in by the start link has no colleagues, but reads the directory. */
  async function find(text: string): Promise<readonly Person[]> {
    if (session.member) return api.call('listColleagues', { query: { search: text } })
    const { members } = await api.call('listMembers', { query: { search: text, limit: FOUND_AT_ONCE } })
    return members.filter(({ status }) => status !== 'resigned').map(({ id, name }) => ({ member: id, name }))
  }

  function search(text: string) {
    latest = text
    clearTimeout(pause)
    pause = setTimeout(async () => {
      try {
        const people = await find(text)
        if (text !== latest) return
        found.value = people
        known.value = new Map([...known.value, ...people.map((each) => [each.member, each] as const)])
      } catch (error) {
        toast({ kind: 'error', ...errorText(error) })
      }
    }, SEARCH_PAUSE_MS)
  }
  onScopeDispose(() => clearTimeout(pause))

  const optionOf = ({ member, name }: Person): UiOption => ({ value: member, label: name })
  return {
    options: computed(() => found.value.map(optionOf)),
    knownOptions: computed(() => [...known.value.values()].map(optionOf)),
    nameOf: (member: string) => known.value.get(member)?.name,
    search,
  }
}
