import { z } from 'zod'

/** Ids of people, departments and roles: the host may bring its own. */
export const directoryId = z.string().min(1).max(100)

export const memberStatus = z.enum(['in-service', 'resigned'])

export const member = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  /** E.164 where the number could be understood, otherwise as it was typed; empty: none. */
  phone: z.string().trim().max(50).default(''),
  status: memberStatus.default('in-service'),
  departments: z.array(directoryId).max(100).default([]),
})
export type Member = z.infer<typeof member>

export const department = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  /** `null`: a top department. */
  parent: directoryId.nullable().default(null),
})
export type Department = z.infer<typeof department>

/** An application role: people picked one by one or by department. */
export const role = z.object({
  id: directoryId,
  name: z.string().trim().min(1).max(200),
  members: z.array(directoryId).max(10_000).default([]),
  departments: z.array(directoryId).max(1_000).default([]),
})
export type Role = z.infer<typeof role>

/** One line of a node's recipients. */
export const recipient = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), id: directoryId }),
  z.strictObject({
    kind: z.literal('department'),
    id: directoryId,
    includeSubDepartments: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal('role'), id: directoryId }),
])
export type Recipient = z.infer<typeof recipient>

/** Where people come from. The product has its own; a host may bring another. */
export interface Directory {
  members(ids: readonly string[]): Promise<Member[]>
  /** Members of exactly these departments, resigned ones too. */
  membersOf(departmentIds: readonly string[]): Promise<Member[]>
  departments(): Promise<Department[]>
  roles(ids: readonly string[]): Promise<Role[]>
}

/** Why a person does not get a text although selected. Text: `skipped.<reason>` in the locale files. */
export const skipReason = z.enum([
  'no-phone',
  'invalid-phone',
  'resigned',
  'same-number',
  'unknown-member',
  'opted-out',
  'country-not-allowed',
  'daily-cap',
  'quiet-hours',
  'test-mode',
  'no-text',
])
export type SkipReason = z.infer<typeof skipReason>

/** One person of an expanded recipient list. */
export const resolvedRecipient = z.object({
  memberId: z.string(),
  name: z.string(),
  /** E.164; empty where skipped for want of a usable number. */
  phone: z.string(),
  /** Every selection that led to this person. */
  reasons: z.array(recipient),
  skipped: skipReason.optional(),
})
export type ResolvedRecipient = z.infer<typeof resolvedRecipient>
