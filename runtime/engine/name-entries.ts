import { isDirectoryType, readDirectoryValue } from '../../nodes/directory/directory-value.ts'
import type { DirectoryEntry, DirectoryKind, DirectoryType } from '../../nodes/directory/directory-value.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import { ErrorCode, FieldsError } from '../../nodes/errors.ts'
import type { FieldProblem } from '../../nodes/errors.ts'
import type { GraphInput } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'

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
 * Looks up whom inputs name. The directory is asked once for each kind: a host's may be far away. Values that are empty
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
      const { kind, id, includeSubDepartments } = entry
      const name = known[kind].get(id)
      if (name === undefined) named.unknown.push(unknownEntry(kind, path))
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

const unknownTexts: Record<DirectoryKind, string> = {
  member: 'unknownMember',
  department: 'unknownDepartment',
  role: 'unknownApplicationRole',
  'organisation-role': 'unknownRole',
}

/** Id → name for each kind that is asked for. */
async function namesOf(
  entries: readonly DirectoryEntry[],
  directory: Directory,
): Promise<Record<DirectoryKind, ReadonlyMap<string, string>>> {
  const find = async (
    kind: DirectoryKind,
    ask: (ids: string[]) => Promise<readonly { id: string; name: string }[]>,
  ) => {
    const ids = new Set(entries.filter((each) => each.kind === kind).map(({ id }) => id))
    const found = ids.size === 0 ? [] : await ask([...ids])
    return new Map(found.map(({ id, name }) => [id, name]))
  }
  const [member, department, role, organisationRole] = await Promise.all([
    find('member', (ids) => directory.members(ids)),
    find('department', () => directory.departments()),
    find('role', (ids) => directory.roles(ids)),
    find('organisation-role', async (ids) => (await directory.organisationRoles?.(ids)) ?? []),
  ])
  return { member, department, role, 'organisation-role': organisationRole }
}
