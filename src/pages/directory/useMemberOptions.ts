import { computed, onScopeDispose, shallowRef } from 'vue'
import type { MemberView } from '../../../nodes/api/directory.ts'
import { useApi } from '../../api/client.ts'
import { useErrorText } from '../../api/useErrorText.ts'
import { useToast, type UiOption } from '../../ui/index.ts'

const FOUND_AT_ONCE = 50
const SEARCH_PAUSE_MS = 200
/** Ids travel in the address, which has no room for more. */
const IDS_AT_ONCE = 500

/** Members to choose from, searched on the server, and the names of those who are chosen already. */
export function useMemberOptions(chosen: readonly string[]) {
  const api = useApi()
  const toast = useToast()
  const errorText = useErrorText()
  const found = shallowRef<readonly MemberView[]>([])
  const known = shallowRef<ReadonlyMap<string, MemberView>>(new Map())

  async function load(query: { ids: string } | { search: string }): Promise<readonly MemberView[]> {
    try {
      const { members } = await api.call('listMembers', {
        query: { ...query, limit: 'ids' in query ? 1_000 : FOUND_AT_ONCE },
      })
      known.value = new Map([...known.value, ...members.map((member) => [member.id, member] as const)])
      return members
    } catch (error) {
      toast({ kind: 'error', ...errorText(error) })
      return []
    }
  }
  for (let at = 0; at < chosen.length; at += IDS_AT_ONCE) {
    void load({ ids: chosen.slice(at, at + IDS_AT_ONCE).join(',') })
  }

  let latest = ''
  let pause: ReturnType<typeof setTimeout> | undefined
  function search(text: string) {
    latest = text
    clearTimeout(pause)
    pause = setTimeout(async () => {
      const members = await load({ search: text })
      if (text === latest) found.value = members
    }, SEARCH_PAUSE_MS)
  }
  onScopeDispose(() => clearTimeout(pause))

  const optionOf = (member: MemberView): UiOption => ({
    value: member.id,
    label: member.name,
    description: member.phone,
  })
  return {
    options: computed(() => found.value.map(optionOf)),
    knownOptions: computed(() => [...known.value.values()].map(optionOf)),
    search,
  }
}
