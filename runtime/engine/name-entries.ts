import { isDirectoryType, readDirectoryValue } from '../../nodes/directory/directory-value.ts'
import type { DirectoryEntry, DirectoryKind, DirectoryType } from '../../nodes/directory/directory-value.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError } from '../../nodes/errors.ts'
import type { FieldProblem } from '../../nodes/errors.ts'
import type { GraphInput } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { departmentFinder } from '../directory/find-department.ts'

/** An input that names members, departments or roles. */
export type DirectoryInput = GraphInput & { type: DirectoryType }

export function directoryInputs(inputs: readonly GraphInput[]): DirectoryInput[] {
  return inputs.filter((input): input is DirectoryInput => isDirectoryType(input.type))
}

interface NamedEntries {
  /** The values of these inputs, each entry as `{ kind, id, name }`; without `name` where it does not exist. */
  values: JsonObject
  /** Each entry that does not exist. */
  unknown: FieldProblem[]
}

/**
 * Looks up whom inputs name; a department may be named by its name or path too. The directory is asked once for each kind: a host's may be far away. Values that are empty
 * or of another type are left out.
 */
export async function nameEntries(
  inputs: readonly DirectoryInput[],
  given: JsonObject,
  directory: Directory,
): Promise<NamedEntries> {
  const read = inputs.flatMap((input) => {
    const value = Object.hasOwn(given, input.name) ? given[input.name]! : null
    const entries = value === null || value === '' ? undefined : readDirectoryValue(input.type, value)
    return entries ? [{ input, entries }] : []
  })
  const known = await namesOf(
    read.flatMap(({ entries }) => entries),
    directory,
  )
  const named: NamedEntries = { values: {}, unknown: [] }
  for (const { input, entries } of read) {
    const nameEntry = (entry: DirectoryEntry, path: string): Json => {
      const { kind, includeSubDepartments } = entry
      const found = known[kind](entry.id)
      if (found === undefined) named.unknown.push(unknownEntry(kind, path))
      if (found === 'ambiguous') named.unknown.push(ambiguousDepartment(path))
      const { id, name } = typeof found === 'object' ? found : { id: entry.id }
      return {
        kind,
        id,
        ...(name !== undefined && { name }),
        ...(includeSubDepartments !== undefined && kind === 'department' && { includeSubDepartments }),
      }
    }
    named.values[input.name] = Array.isArray(entries)
      ? entries.map((entry, index) => nameEntry(entry, `${input.name}/${index}`))
      : nameEntry(entries, input.name)
  }
  return named
}

/** @throws FieldsError `INPUT_NOT_FOUND`, naming every input whose member, department or role does not exist */
export function refuseUnknown(unknown: readonly FieldProblem[]): void {
  if (unknown.length === 0) return
  throw new FieldsError(
    ErrorCode.InputNotFound,
    unknown.map(({ message }) => message).join('; '),
    [...unknown],
    { hint: 'Give ids of the directory: /api/members, /api/departments and /api/roles list them.' },
  )
}

/** What was given is not repeated: it may be a phone number where an id was meant. */
function unknownEntry(kind: DirectoryKind, path: string): FieldProblem {
  return {
    path,
    message: `${path}: the directory has no ${kind.replace('-', ' ')} with this id`,
    key: unknownTexts[kind],
  }
}

function ambiguousDepartment(path: string): FieldProblem {
  return {
    path,
    message: `${path}: several departments have this name; give the names from the top, or the id`,
    key: 'ambiguousDepartment',
  }
}

const unknownTexts: Record<DirectoryKind, string> = {
  member: 'unknownMember',
  department: 'unknownDepartment',
  role: 'unknownApplicationRole',
  'organisation-role': 'unknownRole',
}

type Finder = (named: string) => { id: string; name?: string | undefined } | 'ambiguous' | undefined

/** Finds entries of each kind that is asked for. */
async function namesOf(
  entries: readonly DirectoryEntry[],
  directory: Directory,
): Promise<Record<DirectoryKind, Finder>> {
  const find = async (
    kind: DirectoryKind,
    ask: (ids: string[]) => Promise<readonly { id: string; name: string }[]>,
  ): Promise<Finder> => {
    const ids = new Set(entries.filter((each) => each.kind === kind).map(({ id }) => id))
    const found = ids.size === 0 ? [] : await ask([...ids])
    const byId = new Map(found.map((each) => [each.id, each]))
    return (id) => byId.get(id)
  }
  const isNamed = (kind: DirectoryKind) => entries.some((each) => each.kind === kind)
  const [member, department, role, organisationRole] = await Promise.all([
    find('member', (ids) => directory.members(ids)),
    isNamed('department') ? directory.departments().then(departmentFinder) : () => undefined,
    find('role', (ids) => directory.roles(ids)),
    find('organisation-role', async (ids) => (await directory.organisationRoles?.(ids)) ?? []),
  ])
  return { member, department, role, 'organisation-role': organisationRole }
}
