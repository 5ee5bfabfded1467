import type { ImportResult } from '../../nodes/api/directory.ts'
import { memberProblem } from '../../nodes/directory/resolve-recipients.ts'
import type { Department, Member } from '../../nodes/directory/schema.ts'
import { DepartmentPaths } from './department-paths.ts'
import type { LocalDirectory } from './local-directory.ts'
import { MemberMatcher } from './member-matcher.ts'
import { lineProblem } from './read-members-csv.ts'
import type { LineProblem, MemberLine } from './read-members-csv.ts'
import { TimeSlices } from './time-slices.ts'

/** What an import would do. */
export interface ImportPlan {
  /** Those that are missing, parents before children. */
  departments: Department[]
  /** New and changed members as they will be. */
  members: Member[]
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
    members: [],
    changes: [],
    unchanged: 0,
    refused: [],
    warnings: [],
  }
  const slices = new TimeSlices()
  const known = await everybody(directory, slices)
  const matcher = await MemberMatcher.of(known, lines, slices)
  const paths = new DepartmentPaths(directory.departmentStore.all(), directory.newId)
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
    const fields = match ? changedFields(match, after) : []
    if (match && fields.length === 0) {
      plan.unchanged++
      continue
    }
    plan.members.push(after)
    plan.changes.push({ line: line.line, name: line.name, isNew: !match, fields })
  }
  plan.departments = paths.missing
  return plan
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
    departments: line.departments?.map((path) => paths.idOf(path)) ?? before?.departments ?? [],
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
  const isSameDepartments = [...before.departments].sort().join() === [...after.departments].sort().join()
  return isSameDepartments ? fields : [...fields, 'departments']
}
