import { z } from 'zod'
import { skipReason } from '../directory/schema.ts'
import { functionName, nodeId } from '../graph/schema.ts'
import { messageError } from '../messages.ts'
import { smsProviderName } from '../services/sms/settings.ts'

/** Most people one answer lists. */
const MAX_PAGE = 200

/** Which step that reaches people, with which values. Without `graph` the stored draft of `function` is meant. */
const step = {
  function: functionName.optional(),
  /** What is on somebody's canvas. */
  graph: z.unknown().optional(),
  nodeId,
  /** What stands in a dialog and is not on the canvas yet; may be incomplete. */
  params: z.record(z.string(), z.unknown()).optional(),
  /** Values by name, in place of those of the last run: `{ "device": "Pump 7" }`. */
  sample: z.record(z.string(), z.json()).default({}),
}

export const xRayRequest = z.strictObject({
  ...step,
  /** The text of a template that is kept at the provider, where it was read from there. */
  templateText: z.string().max(5_000).optional(),
  show: z.enum(['all', 'texted', 'skipped']).default('all'),
  /** Part of a name. */
  search: z.string().max(200).default(''),
  offset: z.int().min(0).default(0),
  limit: z.int().min(0).max(MAX_PAGE).default(50),
})
export type XRayRequest = z.output<typeof xRayRequest>

/** One text as phones show it. */
export const xRayText = z.object({
  /** `null`: the text lives at the provider and was not read. A value that is not known yet is `‹name›` in it. */
  text: z.string().nullable(),
  templateCode: z.string().optional(),
  templateVariables: z.record(z.string(), z.string()).optional(),
  contentSid: z.string().optional(),
  contentVariables: z.record(z.string(), z.string()).optional(),
  encoding: z.enum(['gsm-7', 'ucs-2']).nullable(),
  characters: z.int(),
  /** Parts per person, each of them billed; `null` where the text is not known. */
  segments: z.int().nullable(),
  /** True where a value is not known yet, so that the count may change with it. */
  estimated: z.boolean(),
  /** The first characters that make it travel as UCS-2, by their place in `text`. */
  forcedBy: z.array(z.object({ index: z.int(), character: z.string() })),
})
export type XRayText = z.infer<typeof xRayText>

export const xRayReason = z.object({
  kind: z.enum(['member', 'department', 'role', 'organisation-role', 'leaders', 'value']),
  /** Of the department or role, or the value's source; empty where it is gone or the person was picked one by one. */
  name: z.string(),
  includeSubDepartments: z.boolean().optional(),
})
export type XRayReason = z.infer<typeof xRayReason>

export const xRayPerson = z.object({
  memberId: z.string(),
  name: z.string(),
  phone: z.string().describe('Masked; empty for an inbox'),
  skipped: skipReason.optional(),
  /** Only with `no-text`: what is wrong with the text. */
  error: messageError.optional(),
  /** Every selection that led to this person. */
  reasons: z.array(xRayReason),
  /** Place in `texts`; `null` for whoever is skipped. */
  text: z.int().nullable(),
})
export type XRayPerson = z.infer<typeof xRayPerson>

/** Who would get which text from one step, and who would not and why. The dry run of a function reports the same. */
export const xRayReport = z.object({
  /** How people are reached: a report on an inbox has neither numbers nor SMS. */
  channel: z.enum(['sms', 'inbox']).default('sms'),
  service: z.object({ name: z.string(), provider: smsProviderName, sandbox: z.boolean() }).nullable(),
  selected: z.int(),
  texted: z.int(),
  skipped: z.partialRecord(skipReason, z.int()).describe('How many people, by reason'),
  /** Over everybody who is texted; `null` where the text is not known. */
  segments: z.int().nullable(),
  /** True where a value is not known yet, so that the count may change with it. */
  estimated: z.boolean(),
  /** How many different texts the people get. */
  differentTexts: z.int(),
  /** People who match `show` and `search`; `people` is one page of them, by name. */
  matching: z.int(),
  people: z.array(xRayPerson),
  texts: z.array(xRayText),
})
export type XRayReport = z.infer<typeof xRayReport>

/** A value that the texts or recipients of the step are made of. */
export const xRayValue = z.object({
  /** `device`, or `nodes.sms1` for the result of an earlier step. */
  name: z.string(),
  title: z.string(),
  type: z.string().optional().describe('Of an input'),
  from: z.enum(['typed', 'last-run', 'default', 'unknown']),
  value: z.json().optional(),
})
export type XRayValue = z.infer<typeof xRayValue>

/** What would make the step fail, or keeps the X-ray from knowing. */
export const xRayProblem = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})
export type XRayProblem = z.infer<typeof xRayProblem>

export const xRay = xRayReport.extend({
  /** Recipients whose value is not known yet: whoever they name comes on top. */
  unknownRecipients: z.int(),
  values: z.array(xRayValue),
  /** The run whose values stand for those that nobody typed. */
  lastRun: z.object({ id: z.string(), created: z.string() }).nullable(),
  problems: z.array(xRayProblem),
})
export type XRay = z.infer<typeof xRay>

export const testSendRequest = z.strictObject({
  ...step,
  /** Who gets it, with country code: `+447700900123`. */
  phone: z
    .string()
    .trim()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'phone' }),
})
export type TestSendRequest = z.output<typeof testSendRequest>
