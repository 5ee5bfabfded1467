import { z } from 'zod'
import { route } from './route.ts'

/** What something was done to. */
export const auditThings = [
  'session',
  'account',
  'token',
  'login-method',
  'function',
  'trigger',
  'holidays',
  'sms-service',
  'message-template',
  'secret',
  'member',
  'department',
  'organisation-role',
  'role',
  'organisation',
  'opt-out',
  'request',
  'delegation',
  'run',
  'message',
  'settings',
  'audit',
  'store',
] as const
export type AuditThing = (typeof auditThings)[number]

/** What was done. */
export const auditVerbs = [
  'sign-in',
  'sign-out',
  'end',
  'create',
  'change',
  'delete',
  'publish',
  'switch',
  'renew',
  'import',
  'export',
  'start',
  'test-send',
  'again',
  'retry',
  'cancel',
  'resume',
  'resolve',
  'lift',
  'fire',
  'decide',
  'revoke',
  'urge',
  'reassign',
  'cut',
  'restore',
] as const
export type AuditVerb = (typeof auditVerbs)[number]

export const auditPerson = z.object({
  kind: z
    .enum(['member', 'administrator', 'program', 'token', 'identity-provider', 'nobody', 'server'])
    .describe(
      '`administrator`: came in by the start link or the access token; `program`: shows the access token',
    ),
  id: z.string().optional().describe('Of a member or a token'),
  name: z.string().optional().describe('As it was then'),
  device: z.string().optional().describe('`Firefox · Windows`'),
  session: z.string().optional().describe('Tells two browsers apart and opens nothing'),
  address: z.string().optional().describe('On the network'),
})
export type AuditPerson = z.infer<typeof auditPerson>

/** One thing that somebody did. It never changes. */
export const auditEntry = z.object({
  id: z.int().describe('1, 2, 3 …'),
  time: z.string(),
  who: auditPerson,
  thing: z.enum(auditThings),
  verb: z.enum(auditVerbs),
  outcome: z
    .enum(['done', 'asked', 'refused'])
    .describe('`asked`: written down before it was begun; a refusal follows as an entry of its own'),
  target: z.object({ id: z.string(), name: z.string().optional() }).optional(),
  detail: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Never a secret; phone numbers are masked'),
  seal: z.string().describe('Covers this entry and the seal of the one before'),
})
export type AuditEntry = z.infer<typeof auditEntry>
export type NewDetail = NonNullable<AuditEntry['detail']>

/** Which entries are meant. Everything given must fit; nothing given: all. */
export const auditFilter = z.object({
  person: z.string().trim().min(1).max(200).optional().describe('Id of a member, or part of the name'),
  thing: z.enum(auditThings).optional(),
  verb: z.enum(auditVerbs).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional().describe('Before this moment'),
})
export type AuditFilter = z.infer<typeof auditFilter>

export const auditQuery = auditFilter.extend({
  before: z.coerce.number().int().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type AuditQuery = z.infer<typeof auditQuery>

export const auditPage = z.object({
  entries: z.array(auditEntry),
  next: z.int().nullable().describe('`before` of the next page; null: there is no more'),
})
export type AuditPage = z.infer<typeof auditPage>

/** Whether the entries are those that were written, in that order, and none is missing. */
export const auditCheck = z.object({
  isWhole: z.boolean(),
  entries: z.int().describe('Looked at'),
  broken: z
    .object({
      id: z.int().describe('Of the first entry that does not fit'),
      why: z.enum(['changed', 'missing', 'end-missing', 'anchor']),
    })
    .nullable(),
  cut: z
    .object({ through: z.int(), time: z.string() })
    .nullable()
    .describe('Entries up to this one were removed because of their age'),
  seal: z.string().describe('Of the newest entry; kept elsewhere, it proves the log later'),
})
export type AuditCheck = z.infer<typeof auditCheck>

export const auditRoutes = {
  listAudit: route({
    method: 'GET',
    path: '/api/audit',
    tag: 'Audit',
    summary: 'Lists who did what, newest first, page by page',
    query: auditQuery,
    response: auditPage,
  }),
  checkAudit: route({
    method: 'GET',
    path: '/api/audit/check',
    tag: 'Audit',
    summary: 'Checks the seals of all entries and names the first that does not fit',
    response: auditCheck,
  }),
  exportAudit: route({
    method: 'GET',
    path: '/api/audit/export',
    tag: 'Audit',
    summary: 'Writes the entries that fit as CSV, oldest first',
    query: auditFilter,
    response: z.string(),
    download: true,
  }),
}
