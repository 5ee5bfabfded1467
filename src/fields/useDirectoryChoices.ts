import { computed, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import type { NamedRecipient, Recipient } from '../../nodes/directory/schema.ts'
import { useApi } from '../api/client.ts'
import type { DirectoryKind } from '../../nodes/directory/directory-value.ts'
import { departmentRows, type DepartmentRow } from './recipient-selection.ts'

interface MemberChoice {
  id: string
  name: string
  resigned: boolean
}
export interface DepartmentChoice {
  id: string
  name: string
  parent: string | null
  /** Direct members. */
  members: number
  /** Members of it and of everything below it, each counted once. */
  membersBelow: number
  leaders?: string[] | undefined
}

/** Members that the list shows at once; the search finds the others. */
const MEMBERS_SHOWN = 50
const SEARCH_PAUSE_MS = 200

/**
 * Who can be chosen as recipient, filtered by `search`, and the names of those who are chosen.
 * Departments and roles are few and read once; members are searched on the server.
 * @param only the one kind that can be chosen; nothing else is read then
 */
export function useDirectoryChoices(
  search: Ref<string>,
  chosen: () => readonly Recipient[],
  only?: DirectoryKind,
) {
  const api = useApi()
  const members = shallowRef<readonly MemberChoice[]>([])
  const memberTotal = ref(0)
  const allDepartments = shallowRef<readonly DepartmentRow<DepartmentChoice>[]>([])
  const allRoles = shallowRef<readonly { id: string; name: string }[]>([])
  const allOrganisationRoles = shallowRef<readonly { id: string; name: string }[]>([])
  const memberNames = shallowRef<ReadonlyMap<string, string>>(new Map())
  const isLoading = ref(true)
  const error = shallowRef<unknown>(null)
  let searches = 0

  async function load() {
    isLoading.value = true
    error.value = null
    try {
      const [departments, roles, organisationRoles] = await Promise.all([
        isRead('department') ? api.call('listDepartments') : [],
        isRead('role') ? api.call('listRoles') : [],
        isRead('organisation-role') ? api.call('listOrganisationRoles') : [],
        isRead('member') && searchMembers(),
        isRead('member') && readChosenNames(),
      ])
      allDepartments.value = departmentRows(departments)
      allRoles.value = roles
      allOrganisationRoles.value = organisationRoles
    } catch (reason) {
      error.value = reason
    } finally {
      isLoading.value = false
    }
  }

  function isRead(kind: DirectoryKind): boolean {
    return only === undefined || only === kind
  }

  async function searchMembers() {
    const mine = ++searches
    const page = await api.call('listMembers', { query: { search: search.value, limit: MEMBERS_SHOWN } })
    // an answer that was overtaken by a newer search is dropped
    if (mine !== searches) return
    members.value = page.members.map(({ id, name, status }) => ({
      id,
      name,
      resigned: status === 'resigned',
    }))
    memberTotal.value = page.total
    remember(page.members)
  }

  async function readChosenNames() {
    const ids = chosen().flatMap((each) => (each.kind === 'member' ? [each.id] : []))
    if (ids.length === 0) return
    const page = await api.call('listMembers', { query: { ids: ids.join(','), limit: 1_000 } })
    remember(page.members)
  }

  function remember(found: readonly { id: string; name: string }[]) {
    memberNames.value = new Map([...memberNames.value, ...found.map(({ id, name }) => [id, name] as const)])
  }

  /** The name of a chosen one; `undefined` where the directory no longer has it. */
  function nameOf({ kind, id }: NamedRecipient): string | undefined {
    switch (kind) {
      case 'member':
        return memberNames.value.get(id)
      case 'department':
      case 'leaders':
        return allDepartments.value.find((row) => row.department.id === id)?.path
      case 'role':
        return allRoles.value.find((role) => role.id === id)?.name
      case 'organisation-role':
        return allOrganisationRoles.value.find((role) => role.id === id)?.name
    }
  }

  /** The same without the path that leads to a department. */
  function ownNameOf(recipient: NamedRecipient): string | undefined {
    const row = allDepartments.value.find(({ department }) => department.id === recipient.id)
    return recipient.kind === 'department' ? row?.department.name : nameOf(recipient)
  }

  let pause: ReturnType<typeof setTimeout> | undefined
  watch(search, () => {
    if (!isRead('member')) return
    clearTimeout(pause)
    pause = setTimeout(() => {
      searchMembers().catch((reason: unknown) => (error.value = reason))
    }, SEARCH_PAUSE_MS)
  })
  onMounted(load)

  const isMatch = (text: string) => text.toLocaleLowerCase().includes(search.value.trim().toLocaleLowerCase())
  return {
    members,
    memberTotal,
    departments: computed(() => allDepartments.value.filter((row) => isMatch(row.path))),
    /** Those that have leaders, or have them somewhere below. */
    ledDepartments: computed(() => {
      const isLed = (path: string) =>
        allDepartments.value.some(
          (row) =>
            (row.path === path || row.path.startsWith(`${path} / `)) &&
            (row.department.leaders?.length ?? 0) > 0,
        )
      return allDepartments.value.filter(({ path }) => isMatch(path) && isLed(path))
    }),
    roles: computed(() => allRoles.value.filter((role) => isMatch(role.name))),
    organisationRoles: computed(() => allOrganisationRoles.value.filter((role) => isMatch(role.name))),
    nameOf,
    ownNameOf,
    isLoading,
    error,
    reload: load,
  }
}
