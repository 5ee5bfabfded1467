import type { Department, Directory, Member, Recipient, ResolvedRecipient, Role } from './schema.ts'

/**
 * Expands recipients to people, each once, in the order in which they were selected; those who cannot be texted
 * are listed with the reason instead of being dropped. Departments and roles that do not exist any more add nobody.
 * Two people with one number: the first is texted, the second skipped as `same-number`.
 */
export async function resolveRecipients(
  recipients: readonly Recipient[],
  directory: Directory,
): Promise<ResolvedRecipient[]> {
  const found = await readDirectory(recipients, directory)
  const people = new Map<string, ResolvedRecipient>()
  for (const recipient of recipients) {
    for (const person of await peopleOf(recipient, found, directory)) {
      const known = people.get(person.memberId)
      if (!known) people.set(person.memberId, person)
      else if (!known.reasons.includes(recipient)) known.reasons.push(recipient)
    }
  }
  const list = [...people.values()]
  skipSharedNumbers(list)
  return list
}

interface Found {
  members: ReadonlyMap<string, Member>
  roles: ReadonlyMap<string, Role>
  departments: readonly Department[]
}

/** Asks once for everything that is named, however many are selected: a host's directory may be far away. */
async function readDirectory(recipients: readonly Recipient[], directory: Directory): Promise<Found> {
  const idsOf = (kind: Recipient['kind']) => [
    ...new Set(recipients.filter((each) => each.kind === kind).map((each) => each.id)),
  ]
  const roleIds = idsOf('role')
  const roles = roleIds.length > 0 ? await directory.roles(roleIds) : []
  const memberIds = [...new Set([...idsOf('member'), ...roles.flatMap((role) => role.members)])]
  const members = memberIds.length > 0 ? await directory.members(memberIds) : []
  const needsTree = idsOf('department').length > 0 || roles.some((role) => role.departments.length > 0)
  return {
    members: new Map(members.map((member) => [member.id, member])),
    roles: new Map(roles.map((role) => [role.id, role])),
    departments: needsTree ? await directory.departments() : [],
  }
}

async function peopleOf(
  recipient: Recipient,
  { members, roles, departments }: Found,
  directory: Directory,
): Promise<ResolvedRecipient[]> {
  switch (recipient.kind) {
    case 'member': {
      const member = members.get(recipient.id)
      return [member ? describe(member, recipient) : unknownMember(recipient)]
    }
    case 'department': {
      const ids = recipient.includeSubDepartments
        ? withSubDepartments(recipient.id, departments)
        : [recipient.id]
      return (await directory.membersOf(ids)).map((member) => describe(member, recipient))
    }
    case 'role': {
      const role = roles.get(recipient.id)
      if (!role) return []
      const direct = role.members.flatMap((id) => members.get(id) ?? [])
      const ids = role.departments.flatMap((id) => withSubDepartments(id, departments))
      const others = ids.length > 0 ? await directory.membersOf([...new Set(ids)]) : []
      return [...direct, ...others].map((member) => describe(member, recipient))
    }
  }
}

/** A department and everything below it. A loop in the tree, which the store refuses, ends here all the same. */
export function withSubDepartments(id: string, departments: readonly Department[]): string[] {
  const found = new Set([id])
  for (let size = 0; size !== found.size;) {
    size = found.size
    for (const each of departments) if (each.parent !== null && found.has(each.parent)) found.add(each.id)
  }
  return [...found]
}

const e164 = /^\+[1-9]\d{6,14}$/

function describe(member: Member, reason: Recipient): ResolvedRecipient {
  const person = { memberId: member.id, name: member.name, phone: member.phone, reasons: [reason] }
  if (member.status === 'resigned') return { ...person, skipped: 'resigned' }
  if (member.phone === '') return { ...person, skipped: 'no-phone' }
  if (!e164.test(member.phone)) return { ...person, skipped: 'invalid-phone' }
  return person
}

function unknownMember(recipient: Recipient): ResolvedRecipient {
  return { memberId: recipient.id, name: '', phone: '', reasons: [recipient], skipped: 'unknown-member' }
}

function skipSharedNumbers(people: ResolvedRecipient[]) {
  const texted = new Set<string>()
  for (const person of people) {
    if (person.skipped) continue
    if (texted.has(person.phone)) person.skipped = 'same-number'
    texted.add(person.phone)
  }
}
