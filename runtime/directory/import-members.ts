import type { ImportResult } from '../../nodes/api/directory.ts'
import { memberProblem } from '../../nodes/directory/resolve-recipients.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import type { DepartmentStore } from './department-store.ts'
import type { LocalDirectory } from './local-directory.ts'
import { MemberMatcher } from './member-matcher.ts'
import { lineProblem, readMembersCsv } from './read-members-csv.ts'
import type { LineProblem } from './read-members-csv.ts'

/** An answer lists this many problems of a kind; a file with more is usually another file. */
const MAX_LISTED = 500

/**
 * Takes over members from CSV: all of them or, where one line is refused, none. Departments that do not exist are
 * made. A line is matched with a member by `MemberMatcher`; an empty cell leaves what the member has.
 *
 * @param options.dryRun only says what would happen
 * @throws FlowError `CSV_INVALID` where the file is too long
 */
export async function importMembers(
  directory: LocalDirectory,
  text: string,
  options: { dryRun?: boolean } = {},
): Promise<ImportResult> {
  const { memberStore } = directory
  const { lines, refused } = await readMembersCsv(text, directory.organisation.current.country)
  const warnings: LineProblem[] = []
  let [added, changed, unchanged] = [0, 0, 0]

  // from here to the end nothing else runs: what was compared is what is changed
  const matcher = new MemberMatcher(memberStore.all(), lines)
  const departments = new DepartmentPaths(directory.departmentStore)
  const writes: (() => Member)[] = []
  for (const line of lines) {
    const match = matcher.match(line)
    if (match === 'taken') {
      refused.push(lineProblem(line.line, 'duplicate'))
      continue
    }
    const before = match ?? { id: line.id, phone: '', status: 'in-service' as const, departments: [] }
    const after = {
      ...before,
      id: before.id ?? directory.newId(),
      name: line.name,
      ...(line.phone === undefined ? {} : { phone: line.phone, phoneProblem: line.phoneProblem }),
      status: line.status ?? before.status,
    }
    if (line.phoneProblem && memberProblem(after) !== 'resigned')
      warnings.push(lineProblem(line.line, 'phoneUnreadable'))
    const known = line.departments?.map((path) => departments.find(path)) ?? before.departments
    if (match && isSame(match, { ...after, departments: known })) {
      unchanged++
      continue
    }
    if (match) changed++
    else added++
    writes.push(() => ({
      ...after,
      departments: line.departments?.map((path) => departments.make(path)) ?? before.departments,
    }))
  }
  const applied = refused.length === 0 && !options.dryRun
  if (applied) directory.inTransaction(() => writes.forEach((write) => memberStore.put(write())))
  return {
    applied,
    added,
    changed,
    unchanged,
    refused: refused.sort((a, b) => a.line - b.line).slice(0, MAX_LISTED),
    warnings: warnings.slice(0, MAX_LISTED),
  }
}

/** Departments by their path from the top, made where they are missing. */
class DepartmentPaths {
  readonly #store: DepartmentStore
  readonly #ids = new Map<string, string>()

  constructor(store: DepartmentStore) {
    this.#store = store
    for (const { id, name, parent } of store.all()) this.#ids.set(key(parent, name), id)
  }

  find(path: readonly string[]): string | undefined {
    let id: string | undefined
    for (const name of path) {
      id = this.#ids.get(key(id ?? null, name))
      if (id === undefined) return undefined
    }
    return id
  }

  make(path: readonly string[]): string {
    let parent: string | null = null
    for (const name of path) {
      const id: string = this.#ids.get(key(parent, name)) ?? this.#store.create({ name, parent }).id
      this.#ids.set(key(parent, name), id)
      parent = id
    }
    return parent!
  }
}

function key(parent: string | null, name: string): string {
  return JSON.stringify([parent, name])
}

function isSame(
  before: Member,
  after: { name: string; phone: string; status: string; departments: unknown[] },
) {
  return (
    before.name === after.name &&
    before.phone === after.phone &&
    before.status === after.status &&
    [...before.departments].sort().join() === [...after.departments].sort().join()
  )
}
