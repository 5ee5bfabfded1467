import type { ImportResult } from '../../nodes/api/directory.ts'
import { memberProblem } from '../../nodes/directory/resolve-recipients.ts'
import { MAX_LEADERS } from '../../nodes/directory/schema.ts'
import type { Department, Member } from '../../nodes/directory/schema.ts'
import { writePaths } from './csv-cells.ts'
import { DepartmentPaths } from './department-paths.ts'
import type { LocalDirectory } from './local-directory.ts'
import { MemberMatcher } from './member-matcher.ts'
import { lineProblem } from './read-members-csv.ts'
import type { LineProblem, MemberLine } from './read-members-csv.ts'
import { RoleNames } from './role-names.ts'
import { TimeSlices } from './time-slices.ts'

/** A new or changed member as it will be. What the file says nothing of stays: it is missing here. */
export interface PlannedMember {
  member: Member
  /** Departments that the member will lead. */
  leads?: string[] | undefined
  organisationRoles?: string[] | undefined
}

/** What an import would do. */
export interface ImportPlan {
  /** Those that are missing, parents before children. */
  departments: Department[]
  /** Their paths, as a cell has them. */
  departmentPaths: string[]
  /** Those that are missing. */
  organisationRoles: { id: string; name: string }[]
  members: PlannedMember[]
  changes: ImportResult['changes']
  unchanged: number
  refused: LineProblem[]
  warnings: LineProblem[]
}

const compared = [
  'name',
  'phone',
  'status',
  'email',
  'locale',
  'timeZone',
  'userName',
  'externalId',
] as const satisfies (keyof Member)[]

/** Compares the lines of a file with the directory, a piece at a time. An empty cell leaves what the member has. */
export async function planImport(
  lines: readonly MemberLine[],
  directory: LocalDirectory,
): Promise<ImportPlan> {
  const plan: ImportPlan = {
    departments: [],
    departmentPaths: [],
    organisationRoles: [],
    members: [],
    changes: [],
    unchanged: 0,
    refused: [],
    warnings: [],
  }
  const slices = new TimeSlices()
  const known = await everybody(directory, slices)
  const matcher = await MemberMatcher.of(known, lines, slices)
  const departments = directory.departmentStore.all()
  const paths = new DepartmentPaths(departments, directory.newId)
  const roles = new RoleNames(directory.organisationRoleStore.all(), directory.newId)
  const leaders = new LeaderCounts(departments)
  const userNames = new Map<string, string>()
  for (const { id, userName } of known) if (userName) userNames.set(userName.toLowerCase(), id)

  for (const line of lines) {
    if (slices.isOver) await slices.next()
    const match = matcher.match(line)
    if (match === 'taken') {
      plan.refused.push(lineProblem(line.line, 'duplicate'))
      continue
    }
    const after = merged(match, line, paths, directory.newId)
    const userName = after.userName?.toLowerCase()
    if (userName !== undefined && (userNames.get(userName) ?? after.id) !== after.id) {
      plan.refused.push(lineProblem(line.line, 'userNameTaken'))
      continue
    }
    if (userName !== undefined) userNames.set(userName, after.id)
    const problem = memberProblem(after)
    if (line.phoneProblem && problem === line.phoneProblem)
      plan.warnings.push(lineProblem(line.line, problem))
    const ledBefore = match && line.leads ? directory.departmentStore.ledBy(match.id) : []
    const leads = line.leads && paths.idsOf(line.leads, ledBefore)
    const rolesBefore =
      match && line.organisationRoles ? directory.organisationRoleStore.ofMember(match.id) : []
    const organisationRoles = line.organisationRoles && roles.idsOf(line.organisationRoles, rolesBefore)
    if (leads) leaders.change(line.line, ledBefore, leads)
    const fields = match ? changedFields(match, after) : []
    if (match && leads && !isSameSet(ledBefore, leads)) fields.push('leads')
    if (match && organisationRoles && !isSameSet(rolesBefore, organisationRoles))
      fields.push('organisationRoles')
    if (match && fields.length === 0) {
      plan.unchanged++
      continue
    }
    plan.members.push({ member: after, leads, organisationRoles })
    plan.changes.push({ line: line.line, name: line.name, isNew: !match, fields })
  }
  for (const line of leaders.tooMany()) plan.refused.push(lineProblem(line, 'tooManyLeaders'))
  plan.departments = paths.missing
  plan.departmentPaths = paths.missing.map(({ id }) => writePaths([paths.pathOf(id)]))
  plan.organisationRoles = roles.missing
  return plan
}

/** How many lead each department once all lines are applied: a line may add one where a later line takes one away. */
class LeaderCounts {
  readonly #counts = new Map<string, number>()
  readonly #added = new Map<string, number[]>()

  constructor(departments: readonly Department[]) {
    for (const { id, leaders = [] } of departments) this.#counts.set(id, leaders.length)
  }

  change(line: number, before: readonly string[], after: readonly string[]): void {
    for (const id of before) if (!after.includes(id)) this.#counts.set(id, this.#counts.get(id)! - 1)
    for (const id of after) {
      if (before.includes(id)) continue
      this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
      const lines = this.#added.get(id)
      if (lines) lines.push(line)
      else this.#added.set(id, [line])
    }
  }

  /** The lines that add a leader where a department has as many as it can. */
  tooMany(): Set<number> {
    const refused = new Set<number>()
    for (const [id, lines] of this.#added) {
      const over = this.#counts.get(id)! - MAX_LEADERS
      if (over > 0) lines.slice(-over).forEach((line) => refused.add(line))
    }
    return refused
  }
}

async function everybody(directory: LocalDirectory, slices: TimeSlices): Promise<Member[]> {
  const all: Member[] = []
  for (;;) {
    const some = directory.memberStore.after(all.at(-1)?.id ?? '', 500)
    if (some.length === 0) return all
    all.push(...some)
    if (slices.isOver) await slices.next()
  }
}

function merged(
  before: Member | undefined,
  line: MemberLine,
  paths: DepartmentPaths,
  newId: () => string,
): Member {
  return {
    id: before?.id ?? line.id ?? newId(),
    name: line.name,
    status: line.status ?? before?.status ?? 'in-service',
    departments: line.departments
      ? paths.idsOf(line.departments, before?.departments ?? [])
      : (before?.departments ?? []),
    phone: line.phone ?? before?.phone ?? '',
    phoneProblem: line.phone === undefined ? before?.phoneProblem : line.phoneProblem,
    email: line.email ?? before?.email,
    locale: line.locale ?? before?.locale,
    timeZone: line.timeZone ?? before?.timeZone,
    userName: line.userName ?? before?.userName,
    externalId: line.externalId ?? before?.externalId,
  }
}

function changedFields(before: Member, after: Member): string[] {
  const fields: string[] = compared.filter((field) => before[field] !== after[field])
  return isSameSet(before.departments, after.departments) ? fields : [...fields, 'departments']
}

function isSameSet(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((id) => after.includes(id))
}
