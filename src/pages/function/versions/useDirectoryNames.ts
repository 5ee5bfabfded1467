import { shallowRef } from 'vue'
import type { NamedRecipient } from '../../../../nodes/directory/schema.ts'
import type { Graph } from '../../../../nodes/graph/schema.ts'
import { useApi } from '../../../api/client.ts'
import { departmentRows } from '../../../fields/recipient-selection.ts'

/** Members asked for by one request. */
const MEMBERS_AT_ONCE = 100

/** The names of those whom graphs text: departments and roles are few and read once, members as they are named. */
export function useDirectoryNames() {
  const api = useApi()
  const names = shallowRef<ReadonlyMap<string, string>>(new Map())
  const asked = new Set<string>()
  let others: Promise<void> | undefined

  function remember(kind: string, found: readonly { id: string; name: string }[]) {
    names.value = new Map([...names.value, ...found.map(({ id, name }) => [`${kind} ${id}`, name] as const)])
  }

  async function readOthers() {
    const [departments, roles, organisationRoles] = await Promise.all([
      api.call('listDepartments'),
      api.call('listRoles'),
      api.call('listOrganisationRoles'),
    ])
    remember(
      'department',
      departmentRows(departments).map(({ department, path }) => ({ id: department.id, name: path })),
    )
    remember('role', roles)
    remember('organisation-role', organisationRoles)
  }

  /** Reads the names that these graphs need. Where the directory does not answer, they are missing. */
  async function learn(...graphs: readonly Graph[]) {
    const members = new Set(graphs.flatMap(membersOf).filter((id) => !asked.has(id)))
    for (const id of members) asked.add(id)
    const ids = [...members]
    const parts = Array.from({ length: Math.ceil(ids.length / MEMBERS_AT_ONCE) }, (_, part) =>
      ids.slice(part * MEMBERS_AT_ONCE, (part + 1) * MEMBERS_AT_ONCE),
    )
    others ??= readOthers()
    await Promise.allSettled([
      others,
      ...parts.map(async (part) => {
        const query = { ids: part.join(','), limit: MEMBERS_AT_ONCE }
        remember('member', (await api.call('listMembers', { query })).members)
      }),
    ])
  }

  const nameOf = ({ kind, id }: NamedRecipient) =>
    names.value.get(`${kind === 'leaders' ? 'department' : kind} ${id}`)
  return { names, learn, nameOf }
}

function membersOf(graph: Graph): string[] {
  return graph.nodes.flatMap(({ params }) => {
    const { recipients } = params
    if (!Array.isArray(recipients)) return []
    return (recipients as Partial<NamedRecipient>[]).flatMap((each) =>
      each?.kind === 'member' && typeof each.id === 'string' ? [each.id] : [],
    )
  })
}
