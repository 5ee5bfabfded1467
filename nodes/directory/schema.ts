import { z } from 'zod'
import { value } from '../values/value.ts'
import { locale, timeZone } from './regions.ts'

/** Ids of people, departments and roles: the host may bring its own. */
export const directoryId = z.string().min(1).max(100)

export const memberStatus = z.enum(['in-service', 'resigned'])

/** Why a person does not get a text although selected. Text: `skipped.<reason>` in the locale files. */
export const skipReason = z.enum([
  'no-phone',
  'invalid-phone',
  'phone-too-short',
  'phone-too-long',
  'phone-country',
  'phone-not-national',
  'phone-extension',
  'landline',
  'special-number',
  'resigned',
  'same-number',
  'unknown-member',
  'not-a-recipient',
  'opted-out',
  'country-not-allowed',
  'daily-cap',
  'quiet-hours',
  'test-mode',
  'no-text',
])
export type SkipReason = z.infer<typeof skipReason>

/** Most leaders of one department. */
export const MAX_LEADERS = 100

export const member = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  /** E.164 where the number could be understood, otherwise as it was typed; empty: none. */
  phone: z.string().trim().max(50).default(''),
  status: memberStatus.default('in-service'),
  departments: z.array(directoryId).max(100).default([]),
  /** Language of texts; the organisation's where it is missing. */
  locale: locale.optional(),
  /** The organisation's where it is missing. */
  timeZone: timeZone.optional(),
  email: z.email({ error: 'email' }).max(200).optional(),
  /** The name at the identity provider that keeps this member by SCIM, unique in any spelling of capitals. */
  userName: z.string().trim().min(1).max(200).optional(),
  /** The identity provider's own id of this member. */
  externalId: z.string().trim().min(1).max(200).optional(),
})
/** `phoneProblem`: why the number takes no text, where the directory knows better than its form tells. */
export type Member = z.infer<typeof member> & { phoneProblem?: SkipReason | undefined }

export const department = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  /** `null`: a top department. */
  parent: directoryId.nullable().default(null),
  /** Members who lead it; none where it is missing. They need not be members of the department. */
  leaders: z.array(directoryId).max(MAX_LEADERS).optional(),
})
export type Department = z.infer<typeof department>

/** A role of the organisation, such as "First aider": people who do the same work wherever they are. */
export const organisationRole = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  members: z.array(directoryId).max(100_000).default([]),
})
export type OrganisationRole = z.infer<typeof organisationRole>

/** An application role: people picked one by one, by department or by organisation role. */
export const role = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  members: z.array(directoryId).max(10_000).default([]),
  departments: z.array(directoryId).max(1_000).default([]),
  /** None where it is missing. */
  organisationRoles: z.array(directoryId).max(1_000).optional(),
})
export type Role = z.infer<typeof role>

const namedRecipients = [
  z.strictObject({ kind: z.literal('member'), id: directoryId }),
  z.strictObject({
    kind: z.literal('department'),
    id: directoryId,
    includeSubDepartments: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal('role'), id: directoryId }),
  z.strictObject({ kind: z.literal('organisation-role'), id: directoryId }),
  /** The leaders of a department, and of those below it where it says so. */
  z.strictObject({
    kind: z.literal('leaders'),
    id: directoryId,
    includeSubDepartments: z.boolean().default(false),
  }),
] as const
/** A recipient that names something of the directory. */
export const namedRecipient = z.discriminatedUnion('kind', namedRecipients)
export type NamedRecipient = z.infer<typeof namedRecipient>

/** Most steps that formulas go up from a member. */
export const MAX_SUPERVISOR_LEVEL = 5

/**
 * Who stands above a member: the leaders of the member's department, or of the next one above that has leaders other than
 * the member; with level 2 those above these, and so on. Only values name them.
 */
export const supervisorsOf = z.strictObject({
  kind: z.literal('supervisors'),
  id: directoryId,
  level: z.int().min(1).max(MAX_SUPERVISOR_LEVEL),
})
export type SupervisorsOf = z.infer<typeof supervisorsOf>

/** One line of a node's recipients. `value`: whoever the value names when the step starts, see `read-recipients.ts`. */
export const recipient = z.discriminatedUnion('kind', [
  ...namedRecipients,
  z.strictObject({ kind: z.literal('value'), value }),
])
export type Recipient = z.infer<typeof recipient>

/** Why a person was selected: the line itself, or of a value only its variable or the beginning of its formula. */
export const recipientReason = z.discriminatedUnion('kind', [
  ...namedRecipients,
  z.strictObject({ kind: z.literal('value'), source: z.string() }),
])
export type RecipientReason = z.infer<typeof recipientReason>

/** Where people come from. The product has its own; a host may bring another. Ids that do not exist are left out. */
export interface Directory {
  members(ids: readonly string[]): Promise<Member[]>
  /** Members of exactly these departments, resigned ones too, each once, by name. */
  membersOf(departmentIds: readonly string[]): Promise<Member[]>
  departments(): Promise<Department[]>
  roles(ids: readonly string[]): Promise<Role[]>
  /** Missing: there are no organisation roles. */
  organisationRoles?(ids: readonly string[]): Promise<OrganisationRole[]>
  /** Members with one of these numbers (E.164). Missing: numbers that a function computes belong to nobody. */
  membersWithPhone?(phones: readonly string[]): Promise<Member[]>
}

/** One person of an expanded recipient list. */
export const resolvedRecipient = z.object({
  /** Of a number that belongs to nobody: `phone:` and a token that does not show the number. */
  memberId: z.string(),
  name: z.string(),
  /** E.164; empty or as it was typed where skipped for want of a usable number. */
  phone: z.string(),
  /** The person's own, else the organisation's. */
  locale: z.string(),
  timeZone: z.string(),
  /** Only where the directory knows the person's own. */
  ownTimeZone: z.string().optional(),
  /** Every selection that led to this person. */
  reasons: z.array(recipientReason),
  skipped: skipReason.optional(),
})
export type ResolvedRecipient = z.infer<typeof resolvedRecipient>
