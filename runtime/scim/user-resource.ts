import { z } from 'zod'
import { canonicalLocale, isTimeZone } from '../../nodes/directory/regions.ts'
import { member as memberSchema } from '../../nodes/directory/schema.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import type { JsonObject } from '../../nodes/json.ts'
import { readPhone } from '../directory/phone.ts'
import { USER_SCHEMA } from './schemas.ts'
import { ScimError } from './scim-error.ts'

const text = z.string().trim().max(500)
/** Empty texts and `null` mean that there is none. */
const optionalText = text.nullish().transform((value) => value || undefined)
/** Entra ID sends `"True"` and `"False"`. */
const flag = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(true|false)$/i)
    .transform((word) => word.toLowerCase() === 'true'),
])
const values = z
  .array(z.object({ value: optionalText, type: optionalText, primary: flag.nullish() }))
  .max(50)
  .nullish()
  .transform((list) => list?.filter(({ value }) => value !== undefined))

/** What is kept of a user as an identity provider describes it; everything else is passed over. */
const attributes = z.object({
  userName: text.min(1).max(200),
  externalId: optionalText,
  displayName: optionalText,
  name: z
    .object({ formatted: optionalText, givenName: optionalText, familyName: optionalText })
    .nullish()
    .transform((name) => name ?? undefined),
  active: flag.nullish().transform((value) => value ?? true),
  emails: values,
  phoneNumbers: values,
  locale: optionalText,
  preferredLanguage: optionalText,
  timezone: optionalText,
  title: optionalText,
})
export type UserAttributes = z.output<typeof attributes>

const names = new Map(Object.keys(attributes.shape).map((name) => [name.toLowerCase(), name]))

/** The attribute as it is spelt here; names are equal in any spelling of capitals. */
export function userAttribute(name: string): string | undefined {
  return names.get(name.toLowerCase())
}

/** @throws ScimError `invalidValue`, naming the attribute */
export function readUser(resource: JsonObject): UserAttributes {
  const known = Object.fromEntries(
    Object.entries(resource).flatMap(([name, value]) => {
      const attribute = userAttribute(name)
      return attribute === undefined ? [] : [[attribute, value]]
    }),
  )
  const parsed = attributes.safeParse(known)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ScimError(
    'invalidValue',
    `"${issue!.path.join('.') || 'userName'}" is missing or not as it should be`,
  )
}

/**
 * The member that a user means. What the provider says nothing of, and never said, stays as somebody typed it.
 * @param before the member so far, and what the provider had said of it
 */
export function memberOf(
  user: UserAttributes,
  id: string,
  before: { member: Member; said: Partial<UserAttributes> } | undefined,
  country: string,
): Member {
  const keep = <T>(said: unknown, now: T | undefined, typed: T | undefined): T | undefined =>
    now === undefined && said === undefined ? typed : now
  const { member, said } = before ?? { member: undefined, said: {} as Partial<UserAttributes> }
  const number = keep(said.phoneNumbers, phoneOf(user), member?.phone) ?? ''
  const isTyped = number === member?.phone
  return {
    id,
    name: nameOf(user),
    status: user.active ? 'in-service' : 'resigned',
    departments: member?.departments ?? [],
    ...(isTyped ? { phone: number, phoneProblem: member.phoneProblem } : readPhone(number, country)),
    email: keep(said.emails, emailOf(user), member?.email),
    locale: keep(said.preferredLanguage ?? said.locale, localeOf(user), member?.locale),
    timeZone: keep(said.timezone, timeZoneOf(user), member?.timeZone),
    userName: user.userName,
    externalId: user.externalId,
  }
}

/** A member as a user: what the provider said, with whatever was changed here since then. */
export function userOf(
  member: Member,
  said: Partial<UserAttributes>,
  facts: {
    groups: { value: string; display: string }[]
    created?: string
    updated?: string
    country: string
  },
): JsonObject {
  const user = currentUser(member, said, facts.country, () => true)
  return plain({
    schemas: [USER_SCHEMA],
    id: member.id,
    ...user,
    displayName: user.displayName ?? member.name,
    groups: facts.groups,
    meta: {
      resourceType: 'User',
      created: facts.created,
      lastModified: facts.updated,
      location: `/scim/v2/Users/${encodeURIComponent(member.id)}`,
    },
  })
}

/** What a PATCH changes: as `userOf`, but what the provider never spoke of stays out of what it said. */
export function patchableUser(member: Member, said: Partial<UserAttributes>, country: string): JsonObject {
  return plain(currentUser(member, said, country, (attribute) => said[attribute] !== undefined))
}

function currentUser(
  member: Member,
  said: Partial<UserAttributes>,
  country: string,
  includes: (attribute: keyof UserAttributes) => boolean,
): Partial<UserAttributes> {
  const user = {
    ...said,
    userName: member.userName ?? member.email ?? member.id,
    active: member.status === 'in-service',
    externalId: member.externalId,
  } as UserAttributes
  if (nameOf(user) !== member.name) user.displayName = member.name
  if (includes('phoneNumbers') && readPhone(phoneOf(user) ?? '', country).phone !== member.phone) {
    user.phoneNumbers = listOf(member.phone || undefined, 'mobile')
  }
  if (includes('emails') && emailOf(user) !== member.email) user.emails = listOf(member.email, 'work')
  const hasLocale = includes('locale') || includes('preferredLanguage')
  if (hasLocale && localeOf(user) !== member.locale) {
    Object.assign(user, { locale: undefined, preferredLanguage: member.locale })
  }
  if (includes('timezone') && timeZoneOf(user) !== member.timeZone) user.timezone = member.timeZone
  return user
}

function listOf(value: string | undefined, type: string): UserAttributes['emails'] {
  return value === undefined ? undefined : [{ value, type, primary: true }]
}

function plain(user: object): JsonObject {
  return JSON.parse(JSON.stringify(user)) as JsonObject
}

function nameOf({ displayName, name, userName }: UserAttributes): string {
  const parts = [name?.givenName, name?.familyName].filter(Boolean).join(' ')
  return (displayName ?? name?.formatted ?? (parts || userName)).slice(0, 200)
}

function phoneOf({ phoneNumbers = [] }: UserAttributes): string | undefined {
  const chosen =
    phoneNumbers.find(({ type }) => type?.toLowerCase() === 'mobile') ??
    phoneNumbers.find(({ primary }) => primary) ??
    phoneNumbers[0]
  // some providers write numbers as RFC 3966 asks: tel:+1-201-555-0123
  return chosen?.value?.replace(/^tel:/i, '').slice(0, 50)
}

function emailOf({ emails = [] }: UserAttributes): string | undefined {
  const chosen = emails.find(({ primary }) => primary) ?? emails[0]
  return memberSchema.shape.email.safeParse(chosen?.value).data
}

function localeOf({ preferredLanguage, locale }: UserAttributes): string | undefined {
  return canonicalLocale(preferredLanguage?.split(/[,;]/)[0] ?? locale ?? '')
}

function timeZoneOf({ timezone }: UserAttributes): string | undefined {
  return timezone !== undefined && isTimeZone(timezone) ? timezone : undefined
}
