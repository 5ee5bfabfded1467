import type { Json } from '../json.ts'
import type { Value } from '../values/value.ts'
import { DepartmentTree } from './department-tree.ts'
import { findMembers } from './find-members.ts'
import { readRecipients } from './read-recipients.ts'
import type { Organisation } from './regions.ts'
import type {
  Department,
  Directory,
  Member,
  NamedRecipient,
  Recipient,
  RecipientReason,
  ResolvedRecipient,
  SkipReason,
  SupervisorsOf,
} from './schema.ts'

/** Where resolving finds people, values and numbers; an `ExecutionContext` has all of it. */
export interface RecipientSources {
  readonly directory: Directory
  /** Language and time zone of people who have none of their own. */
  readonly organisation: Organisation
  evaluate(value: Value): Json
  readPhone(text: string): ReadPhone
}

/** A number as somebody wrote it, understood. */
export interface ReadPhone {
  /** E.164; as it was written where it could not be understood. */
  phone: string
  /** Why it takes no text. */
  problem: SkipReason | undefined
  /** Stands for the number's owner where nobody knows one, and does not show the number. */
  ownerId: string
}

export interface ResolveOptions {
  /** What reaches people: a text to their phone unless said otherwise, or their inbox, which only members have. */
  by?: 'text' | 'inbox' | undefined
  /** The text differs from person to person, so that two people with one number get one each. */
  personalText?: boolean | undefined
}

/**
 * Expands recipients to people, each once, in the order in which they were selected; those who cannot be texted
 * are listed with the reason instead of being dropped. Departments and roles that do not exist any more add nobody.
 * A number means the member who has it, one in service before one who resigned.
 * Two people with one number: the first is texted, the second skipped as `same-number`.
 */
export async function resolveRecipients(
  recipients: readonly Recipient[],
  sources: RecipientSources,
  { by = 'text', personalText = false }: ResolveOptions = {},
): Promise<ResolvedRecipient[]> {
  const selections = readRecipients(recipients, (value) => sources.evaluate(value))
  const named: (NamedRecipient | SupervisorsOf)[] = []
  const phones = new Map<string, ReadPhone>()
  const usable: string[] = []
  for (const each of selections) {
    if (each.kind === 'named') named.push(each.recipient)
    if (each.kind !== 'phone' || phones.has(each.text)) continue
    const number = sources.readPhone(each.text)
    phones.set(each.text, number)
    if (!number.problem) usable.push(number.phone)
  }
  const found = await findMembers(named, usable, sources.directory)

  const people = new People(sources.organisation, by)
  for (const selection of selections) {
    const { reason } = selection
    switch (selection.kind) {
      case 'named': {
        const members = found.of(selection.recipient)
        for (const member of members) people.add(member, reason)
        if (selection.recipient.kind === 'member') people.addMissing(selection.recipient.id, reason)
        break
      }
      case 'phone': {
        const number = phones.get(selection.text)!
        const owners = found.withPhone(number.phone)
        const owner = owners.find(({ status }) => status === 'in-service') ?? owners[0]
        if (owner) people.add(owner, reason)
        else people.addPhone(number, selection.name, reason)
        break
      }
      case 'unreadable':
        people.addUnreadable(reason)
    }
  }
  if (by === 'text' && !personalText) skipSharedNumbers(people.list)
  return people.list
}

/** A department and everything below it. */
export function withSubDepartments(id: string, departments: readonly Department[]): string[] {
  return new DepartmentTree(departments).withSubDepartments(id)
}

const e164 = /^\+[1-9]\d{6,14}$/

/** Why a member cannot be texted, if so. */
export function memberProblem(
  member: Pick<Member, 'phone' | 'status' | 'phoneProblem'>,
): SkipReason | undefined {
  if (member.status === 'resigned') return 'resigned'
  if (member.phone === '') return 'no-phone'
  return member.phoneProblem ?? (e164.test(member.phone) ? undefined : 'invalid-phone')
}

/** Why a member gets nothing into the inbox, if so: a number is not needed for it. */
function inboxProblem({ status }: Pick<Member, 'status'>): SkipReason | undefined {
  return status === 'resigned' ? 'resigned' : undefined
}

/** The people found so far, each once, with every reason. */
class People {
  readonly list: ResolvedRecipient[] = []
  readonly #byId = new Map<string, ResolvedRecipient>()
  readonly #organisation: Organisation
  readonly #by: 'text' | 'inbox'

  constructor(organisation: Organisation, by: 'text' | 'inbox') {
    this.#organisation = organisation
    this.#by = by
  }

  add(member: Member, reason: RecipientReason): void {
    if (this.#isKnown(member.id, reason)) return
    const { id, name, phone, locale, timeZone } = member
    const problem = this.#by === 'text' ? memberProblem(member) : inboxProblem(member)
    this.#put(id, reason, { name, phone, locale, timeZone }, problem)
  }

  /** Names a member who was selected and is not in the directory; nothing where the member was found. */
  addMissing(id: string, reason: RecipientReason): void {
    if (!this.#isKnown(id, reason)) this.#put(id, reason, { name: '', phone: '' }, 'unknown-member')
  }

  addPhone({ phone, problem, ownerId }: ReadPhone, name: string, reason: RecipientReason): void {
    const hindrance = problem ?? (this.#by === 'inbox' ? 'unknown-member' : undefined)
    if (!this.#isKnown(ownerId, reason)) this.#put(ownerId, reason, { name, phone }, hindrance)
  }

  addUnreadable(reason: RecipientReason): void {
    this.#put('', reason, { name: '', phone: '' }, 'not-a-recipient')
  }

  #isKnown(id: string, reason: RecipientReason): boolean {
    const known = this.#byId.get(id)
    if (known && !known.reasons.includes(reason)) known.reasons.push(reason)
    return known !== undefined
  }

  #put(
    memberId: string,
    reason: RecipientReason,
    person: { name: string; phone: string; locale?: string | undefined; timeZone?: string | undefined },
    skipped: SkipReason | undefined,
  ): void {
    const { name, phone, locale = this.#organisation.locale, timeZone = this.#organisation.timeZone } = person
    const resolved = {
      memberId,
      name,
      phone,
      locale,
      timeZone,
      ...(person.timeZone !== undefined && { ownTimeZone: person.timeZone }),
      reasons: [reason],
      ...(skipped && { skipped }),
    }
    this.list.push(resolved)
    if (memberId !== '') this.#byId.set(memberId, resolved)
  }
}

function skipSharedNumbers(people: ResolvedRecipient[]) {
  const texted = new Set<string>()
  for (const person of people) {
    if (person.skipped) continue
    if (texted.has(person.phone)) person.skipped = 'same-number'
    texted.add(person.phone)
  }
}
