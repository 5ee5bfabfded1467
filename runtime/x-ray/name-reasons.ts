import type { XRayPerson, XRayReason } from '../../nodes/api/x-ray.ts'
import type { Directory, Recipient } from '../../nodes/directory/schema.ts'
import type { NamelessReport } from '../../nodes/sms-notification/x-ray.ts'

/** Puts the names of departments and roles to why people were selected. */
export async function nameReasons(
  people: NamelessReport['people'],
  directory: Directory,
): Promise<XRayPerson[]> {
  const reasons = people.flatMap((person) => person.reasons)
  const roleIds = [...new Set(reasons.flatMap((each) => (each.kind === 'role' ? [each.id] : [])))]
  const hasDepartments = reasons.some((each) => each.kind === 'department')
  const departments = namesById(hasDepartments ? await directory.departments() : [])
  const roles = namesById(roleIds.length > 0 ? await directory.roles(roleIds) : [])

  const named = (reason: Recipient): XRayReason => {
    switch (reason.kind) {
      case 'member':
        return { kind: 'member', name: '' }
      case 'department': {
        const { kind, id, includeSubDepartments } = reason
        return { kind, name: departments.get(id) ?? '', includeSubDepartments }
      }
      case 'role':
        return { kind: 'role', name: roles.get(reason.id) ?? '' }
    }
  }
  return people.map((person) => ({ ...person, reasons: person.reasons.map(named) }))
}

function namesById(list: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  return new Map(list.map(({ id, name }) => [id, name]))
}
