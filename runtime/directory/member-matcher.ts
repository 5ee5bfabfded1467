import type { Member } from '../../nodes/directory/schema.ts'
import type { MemberLine } from './read-members-csv.ts'

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
  readonly #byPhone: ReadonlyMap<string, Member[]>
  readonly #byName: ReadonlyMap<string, Member[]>
  readonly #linesByPhone: ReadonlyMap<string, MemberLine[]>
  readonly #linesByName: ReadonlyMap<string, MemberLine[]>
  readonly #taken = new Set<string>()

  constructor(members: readonly Member[], lines: readonly MemberLine[]) {
    for (const member of members) this.#byId.set(member.id, member)
    this.#byPhone = groupBy(members, ({ phone }) => phone)
    this.#byName = groupBy(members, ({ name }) => name)
    this.#linesByPhone = groupBy(lines, ({ phone }) => phone ?? '')
    this.#linesByName = groupBy(lines, ({ name }) => name)
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

function groupBy<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of list) {
    const group = groups.get(keyOf(each))
    if (group) group.push(each)
    else groups.set(keyOf(each), [each])
  }
  return groups
}
