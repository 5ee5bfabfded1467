import { DepartmentTree } from './department-tree.ts'
import type { Directory, Member, NamedRecipient, SupervisorsOf } from './schema.ts'

/** What the directory is asked for. */
type Wanted = NamedRecipient | SupervisorsOf

/** The members that the selections of one step mean. */
export interface FoundMembers {
  /** Who a selection means, in order; a member who does not exist is missing. */
  of(recipient: Wanted): Iterable<Member>
  withPhone(phone: string): readonly Member[]
}

/**
 * Asks once for each kind of thing, however much is selected: a host's directory may be far away.
 * @param phones E.164
 */
export async function findMembers(
  recipients: readonly Wanted[],
  phones: readonly string[],
  directory: Directory,
): Promise<FoundMembers> {
  if (phones.length === 0 && recipients.every(({ kind }) => kind === 'member')) {
    return findNamed(recipients, directory)
  }
  const roles = byId(await ask(idsOf(recipients, 'role'), (ids) => directory.roles(ids)))
  const roleIds = [...roles.values()].flatMap((role) => role.organisationRoles ?? [])
  const organisationRoles = byId(
    await ask(new Set([...idsOf(recipients, 'organisation-role'), ...roleIds]), async (ids) =>
      directory.organisationRoles ? directory.organisationRoles(ids) : [],
    ),
  )
  const needsTree =
    recipients.some(({ kind }) => needingTree.has(kind)) ||
    [...roles.values()].some((role) => role.departments.length > 0)
  const subjects = byId(await ask(idsOf(recipients, 'supervisors'), (ids) => directory.members(ids)))
  const tree = new DepartmentTree(needsTree ? await directory.departments() : [])

  function memberIdsOf(recipient: Wanted): readonly string[] {
    switch (recipient.kind) {
      case 'member':
        return [recipient.id]
      case 'department':
        return []
      case 'leaders':
        return tree.leaders(recipient.id, recipient.includeSubDepartments)
      case 'supervisors': {
        const subject = subjects.get(recipient.id)
        return subject ? tree.supervisors(subject, recipient.level) : []
      }
      case 'organisation-role':
        return organisationRoles.get(recipient.id)?.members ?? []
      case 'role': {
        const role = roles.get(recipient.id)
        const others = role?.organisationRoles?.map((id) => organisationRoles.get(id)?.members ?? []) ?? []
        return [...(role?.members ?? []), ...others.flat()]
      }
    }
  }
  function departmentIdsOf(recipient: Wanted): readonly string[] {
    if (recipient.kind === 'department') {
      return recipient.includeSubDepartments ? tree.withSubDepartments(recipient.id) : [recipient.id]
    }
    if (recipient.kind !== 'role') return []
    return roles.get(recipient.id)?.departments.flatMap((id) => tree.withSubDepartments(id)) ?? []
  }

  const departmentIds = new Set(recipients.flatMap(departmentIdsOf))
  const [members, inDepartments, owners] = await Promise.all([
    ask(new Set(recipients.flatMap(memberIdsOf)), (ids) => directory.members(ids)),
    ask(departmentIds, (ids) => directory.membersOf(ids)),
    ask(new Set(phones), async (all) => (directory.membersWithPhone ? directory.membersWithPhone(all) : [])),
  ])
  const known = byId(members)
  const byPhone = new Map<string, Member[]>()
  for (const each of owners) {
    const sharing = byPhone.get(each.phone)
    if (sharing) sharing.push(each)
    else byPhone.set(each.phone, [each])
  }

  return {
    of(recipient) {
      const named = memberIdsOf(recipient).flatMap((id) => known.get(id) ?? [])
      const ids = new Set(departmentIdsOf(recipient))
      if (ids.size === 0) return named
      const isAll = ids.size === departmentIds.size
      return [
        ...named,
        ...(isAll
          ? inDepartments
          : inDepartments.filter((each) => each.departments.some((id) => ids.has(id)))),
      ]
    },
    withPhone: (phone) => byPhone.get(phone) ?? [],
  }
}

const needingTree: ReadonlySet<string> = new Set(['department', 'leaders', 'supervisors'])

/** A step that names its people one by one needs nothing else, and is what busy functions have. */
async function findNamed(recipients: readonly Wanted[], directory: Directory): Promise<FoundMembers> {
  const ids = recipients.length === 1 ? [recipients[0]!.id] : [...idsOf(recipients, 'member')]
  const members = ids.length === 0 ? [] : await directory.members(ids)
  const known = byId(members)
  return {
    of({ id }) {
      const member = known.get(id)
      return member ? [member] : []
    },
    withPhone: () => [],
  }
}

function idsOf(recipients: readonly Wanted[], kind: Wanted['kind']): Set<string> {
  return new Set(recipients.filter((each) => each.kind === kind).map((each) => each.id))
}

function ask<T>(
  questions: ReadonlySet<string>,
  answer: (list: string[]) => Promise<T[]>,
): Promise<T[]> | T[] {
  return questions.size === 0 ? [] : answer([...questions])
}

function byId<T extends { id: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((each) => [each.id, each]))
}
