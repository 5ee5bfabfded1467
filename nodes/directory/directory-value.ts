import { z } from 'zod'
import type { Json } from '../json.ts'
import { directoryId } from './schema.ts'

/** What of the directory a value can name. */
export const directoryKind = z.enum(['member', 'department', 'role', 'organisation-role'])
export type DirectoryKind = z.infer<typeof directoryKind>

/** Types of inputs and values that name somebody or something of the directory: one of a kind, or a list of it. */
export const directoryTypes = {
  member: { kind: 'member', isList: false },
  members: { kind: 'member', isList: true },
  department: { kind: 'department', isList: false },
  departments: { kind: 'department', isList: true },
  role: { kind: 'role', isList: false },
  roles: { kind: 'role', isList: true },
  'organisation-role': { kind: 'organisation-role', isList: false },
  'organisation-roles': { kind: 'organisation-role', isList: true },
} as const
export type DirectoryType = keyof typeof directoryTypes
export const directoryTypeNames = Object.keys(directoryTypes) as DirectoryType[]

export function isDirectoryType(type: string): type is DirectoryType {
  return Object.hasOwn(directoryTypes, type)
}

/**
 * One value that names something of the directory. It can be a recipient as it is (`read-recipients.ts`), and formulas
 * read its fields. A phone number is none of them: values are kept with the run and shown.
 */
export const directoryEntry = z.object({
  kind: directoryKind,
  id: directoryId,
  /** As the directory had it when the run began, or when somebody chose it. */
  name: z.string().max(200).optional(),
  /** Of a department only: whether those below are meant too; they are where it is missing. */
  includeSubDepartments: z.boolean().optional(),
})
export type DirectoryEntry = z.infer<typeof directoryEntry>

/**
 * Takes what somebody gave for a value of such a type: an id, `{ id }`, `{ kind, id }`, or a list of these. Other fields
 * are passed over, so that what the directory's own routes or an earlier run answered can be given as it is.
 * @returns undefined where it is something else
 */
export function readDirectoryValue(
  type: DirectoryType,
  value: Json,
): DirectoryEntry | DirectoryEntry[] | undefined {
  const { kind, isList } = directoryTypes[type]
  if (!isList) return readEntry(kind, value)
  if (!Array.isArray(value)) return undefined
  const entries = value.map((each) => readEntry(kind, each))
  return entries.every((each) => each !== undefined) ? entries : undefined
}

/** The type of a value that says itself what it names; undefined where it does not. */
export function directoryTypeOf(value: Json | undefined): DirectoryType | undefined {
  const isList = Array.isArray(value)
  const first = directoryEntry.safeParse(isList ? value[0] : value)
  if (!first.success) return undefined
  const { kind } = first.data
  const type = directoryTypeNames.find(
    (each) => directoryTypes[each].kind === kind && directoryTypes[each].isList === isList,
  )
  return type && readDirectoryValue(type, value!) && type
}

function readEntry(kind: DirectoryKind, value: Json): DirectoryEntry | undefined {
  const given = typeof value === 'object' ? value : { id: value }
  const { success, data } = directoryEntry.safeParse({ kind, ...given })
  return success && data.kind === kind ? data : undefined
}
