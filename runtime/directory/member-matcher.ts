import type { Member } from '../../nodes/directory/schema.ts'
import type { MemberLine } from './read-members-csv.ts'
import type { TimeSlices } from './time-slices.ts'

/**
 * Says which member a line of an import means. Each member is meant at most once.
 * - With an id: the member with that id.
 * - With a number: who has this number and name; else the only one with this number (renamed); else the only one
 *   of this name who has no number yet.
 * - With a name alone: the only member of that name.
 * Where nothing fits the line means a new member: a wrong guess would give one person the texts of another.
 */
export class MemberMatcher {
  readonly #byId = new Map<string, Member>()
  readonly #byPhone = new Map<string, Member[]>()
  readonly #byName = new Map<string, Member[]>()
  readonly #linesByPhone = new Map<string, MemberLine[]>()
  readonly #linesByName = new Map<string, MemberLine[]>()
  readonly #taken = new Set<string>()

  static async of(
    members: readonly Member[],
    lines: readonly MemberLine[],
    slices: TimeSlices,
  ): Promise<MemberMatcher> {
    const matcher = new MemberMatcher()
    for (const member of members) {
      matcher.#byId.set(member.id, member)
      addTo(matcher.#byPhone, member.phone, member)
      addTo(matcher.#byName, member.name, member)
      if (slices.isOver) await slices.next()
    }
    for (const line of lines) {
      addTo(matcher.#linesByPhone, line.phone ?? '', line)
      addTo(matcher.#linesByName, line.name, line)
      if (slices.isOver) await slices.next()
    }
    return matcher
  }

  /** @returns the member; `undefined`: a new one; `taken`: an earlier line means the same person */
  match(line: MemberLine): Member | undefined | 'taken' {
    const member = this.#find(line)
    const identity = member?.id ?? line.id ?? JSON.stringify([line.name, line.phone])
    if (this.#taken.has(identity)) return 'taken'
    this.#taken.add(identity)
    return member
  }

  #find(line: MemberLine): Member | undefined {
    if (line.id !== undefined) return this.#byId.get(line.id)
    const ofName = this.#byName.get(line.name) ?? []
    const isOnlyOfName = this.#linesByName.get(line.name)!.length === 1
    if (line.phone === undefined) return isOnlyOfName ? only(ofName) : undefined
    const ofPhone = this.#byPhone.get(line.phone) ?? []
    const same = ofPhone.find(({ name }) => name === line.name)
    if (same) return same
    if (this.#linesByPhone.get(line.phone)!.length === 1 && ofPhone.length > 0) return only(ofPhone)
    return isOnlyOfName ? only(ofName.filter(({ phone }) => phone === '')) : undefined
  }
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined
}

function addTo<T>(groups: Map<string, T[]>, key: string, each: T): void {
  const group = groups.get(key)
  if (group) group.push(each)
  else groups.set(key, [each])
}
