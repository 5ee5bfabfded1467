import type { Department, Directory, Member, Recipient, ResolvedRecipient } from './schema.ts'

/**
 * Expands recipients to people, each once, in the order in which they were selected; those who cannot be texted
 * are listed with the reason instead of being dropped.
 * Two people with one number: the first is texted, the second skipped as `same-number`.
 */
export async function resolveRecipients(
  recipients: readonly Recipient[],
  directory: Directory,
): Promise<ResolvedRecipient[]> {
  const people = new Map<string, ResolvedRecipient>()
  const add = (member: Member, reason: Recipient) => {
    const known = people.get(member.id)
    if (known) known.reasons.push(reason)
    else people.set(member.id, describe(member, reason))
  }
  let departments: Department[] | undefined
  for (const recipient of recipients) {
    switch (recipient.kind) {
      case 'member': {
        const [found] = await directory.members([recipient.id])
        if (found) add(found, recipient)
        else people.set(recipient.id, unknownMember(recipient))
        break
      }
      case 'department': {
        departments ??= await directory.departments()
        const ids = recipient.includeSubDepartments ? withSubDepartments(recipient.id, departments) : [recipient.id]
        for (const found of await directory.membersOf(ids)) add(found, recipient)
        break
      }
      case 'role': {
        const [role] = await directory.roles([recipient.id])
        if (!role) break
        departments ??= await directory.departments()
        const ids = role.departments.flatMap((id) => withSubDepartments(id, departments!))
        for (const found of await directory.members(role.members)) add(found, recipient)
        for (const found of await directory.membersOf(ids)) add(found, recipient)
        break
      }
    }
  }
  const list = [...people.values()]
  skipSharedNumbers(list)
  return list
}

/** A department and everything below it. A loop in the tree, which the store refuses, ends here all the same. */
export function withSubDepartments(id: string, departments: readonly Department[]): string[] {
  const found = new Set([id])
  for (let size = 0; size !== found.size; ) {
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
