import { z } from 'zod'
import { department, member, organisationRole, role, skipReason } from '../directory/schema.ts'

/** A member as the page shows it. The directory page shows whole numbers: there a person asked for them. */
export const memberView = member.extend({
  /** Why this person cannot be texted, if so. */
  problem: skipReason.nullable(),
})
export type MemberView = z.infer<typeof memberView>

export const memberPage = z.object({ members: z.array(memberView), total: z.int() })
export const memberQuery = z.object({
  search: z.string().max(200).default(''),
  department: z.string().optional(),
  organisationRole: z.string().optional(),
  /** Comma-separated ids: exactly these, for showing chips. */
  ids: z.string().max(20_000).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

export const writeMember = member.omit({ id: true }).extend({ id: member.shape.id.optional() })
export const writeDepartment = department.omit({ id: true }).extend({ id: department.shape.id.optional() })
/** `members`: how many. A role of an identity provider may have very many. */
export const organisationRoleSummary = organisationRole.extend({ members: z.int() })
/** Members that are left out stay. */
export const writeOrganisationRole = z.strictObject({
  id: organisationRole.shape.id.optional(),
  name: organisationRole.shape.name,
  members: z.array(organisationRole.shape.id).max(100_000).optional(),
})
export const writeRole = role.omit({ id: true }).extend({ id: role.shape.id.optional() })

/**
 * Result of a CSV import. It is applied whole or, where a line is refused, not at all. `key` is a text below `csv.`
 * or `skipped.` in the locale files; at most 500 of a kind are listed.
 */
export const importResult = z.object({
  applied: z.boolean(),
  revision: z
    .string()
    .describe('Of the directory. Sent back, an import refuses where somebody changed it meanwhile'),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  /** New members first; `fields` are names of a member's fields. */
  changes: z.array(
    z.object({ line: z.int(), name: z.string(), isNew: z.boolean(), fields: z.array(z.string()) }),
  ),
  newDepartments: z.array(z.string()).describe('Paths of departments that did not exist'),
  newOrganisationRoles: z.array(z.string()).describe('Names of organisation roles that did not exist'),
  refused: z.array(z.object({ line: z.int(), key: z.string(), message: z.string() })),
  /** Members taken over although their number cannot be texted. */
  warnings: z.array(z.object({ line: z.int(), key: z.string(), message: z.string() })),
})
export type ImportResult = z.infer<typeof importResult>
