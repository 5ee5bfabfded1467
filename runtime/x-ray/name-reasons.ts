import type { XRayReason } from '../../nodes/api/x-ray.ts'
import type { Directory, RecipientReason } from '../../nodes/directory/schema.ts'

/** Puts the names of departments and roles to why people were selected. */
export async function nameReasons<Person extends { reasons: readonly RecipientReason[] }>(
  people: readonly Person[],
  directory: Directory,
): Promise<(Omit<Person, 'reasons'> & { reasons: XRayReason[] })[]> {
  const reasons = people.flatMap((person) => person.reasons)
  const idsOf = (kind: 'role' | 'organisation-role') => [
    ...new Set(reasons.flatMap((each) => (each.kind === kind ? [each.id] : []))),
  ]
  const [roleIds, organisationRoleIds] = [idsOf('role'), idsOf('organisation-role')]
  const hasDepartments = reasons.some((each) => each.kind === 'department' || each.kind === 'leaders')
  const departments = namesById(hasDepartments ? await directory.departments() : [])
  const roles = namesById(roleIds.length > 0 ? await directory.roles(roleIds) : [])
  const organisationRoles = namesById(
    organisationRoleIds.length > 0 ? ((await directory.organisationRoles?.(organisationRoleIds)) ?? []) : [],
  )

  const named = (reason: RecipientReason): XRayReason => {
    switch (reason.kind) {
      case 'member':
        return { kind: 'member', name: '' }
      case 'department':
      case 'leaders': {
        const { kind, id, includeSubDepartments } = reason
        return { kind, name: departments.get(id) ?? '', includeSubDepartments }
      }
      case 'role':
        return { kind: 'role', name: roles.get(reason.id) ?? '' }
      case 'organisation-role':
        return { kind: reason.kind, name: organisationRoles.get(reason.id) ?? '' }
      case 'value':
        return { kind: 'value', name: reason.source }
    }
  }
  return people.map((person) => ({ ...person, reasons: person.reasons.map(named) }))
}

function namesById(list: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  return new Map(list.map(({ id, name }) => [id, name]))
}
