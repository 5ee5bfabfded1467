import { z } from 'zod'
import { variableName } from '../graph/schema.ts'
import { isForbiddenKey } from '../json.ts'

/** Login codes and security notices are no advertising: opt-outs and quiet hours do not hold them back. */
export const templateCategory = z.enum(['notice', 'login-code', 'security'])
export type TemplateCategory = z.infer<typeof templateCategory>

export const placeholderType = z.enum(['text', 'number', 'date-time', 'url', 'code'])
export type PlaceholderType = z.infer<typeof placeholderType>

/** Most characters of a text that SNS and Twilio take. */
export const MAX_TEXT = 1_600

export const templatePlaceholder = z.strictObject({
  name: variableName,
  type: placeholderType.default('text'),
  /** Most characters of a value. */
  maxLength: z.int().min(1).max(MAX_TEXT).optional(),
  /** Stands in the preview. */
  sample: z.string().max(MAX_TEXT).default(''),
  /** An optional one without a value leaves nothing in the text. */
  required: z.boolean().default(true),
})
export type TemplatePlaceholder = z.infer<typeof templatePlaceholder>

/** BCP 47, for example `en` or `zh-CN`. */
export const textLocale = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, { error: 'locale' })

const anyKey = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .refine((key) => !isForbiddenKey(key))
/** Name of a placeholder at the provider → name of ours. */
const mapping = z.record(anyKey(/^[\p{L}\p{N}_]{1,64}$/u), z.string().max(64))

/** A template that is kept at Alibaba Cloud, for one language. */
export const alibabaTemplateBinding = z.strictObject({
  templateCode: z.string().trim().max(100).default(''),
  variables: mapping.default({}),
  /** Its text as it was last read from Alibaba; absent where nobody has read it. */
  text: z.string().max(2_000).optional(),
})
export type AlibabaTemplateBinding = z.infer<typeof alibabaTemplateBinding>

/** A content template that is kept at Twilio, for one language. */
export const twilioContentBinding = z.strictObject({
  contentSid: z
    .string()
    .trim()
    .regex(/^HX[0-9a-fA-F]{32}$/, { error: 'twilioContentSid' }),
  variables: mapping.default({}),
  /** Its text as it was last read from Twilio, with `{{1}}` for each variable; absent where nobody has read it. */
  text: z.string().max(2_000).optional(),
})
export type TwilioContentBinding = z.infer<typeof twilioContentBinding>

/** How one SMS service sends the template. A service without an entry sends the template's own text. */
export const templateBinding = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('alibaba-template'),
    byLocale: z.record(textLocale, alibabaTemplateBinding),
  }),
  z.strictObject({
    kind: z.literal('twilio-content'),
    byLocale: z.record(textLocale, twilioContentBinding),
  }),
])
export type TemplateBinding = z.infer<typeof templateBinding>

/** What a person writes: one message for all providers and languages. */
export const templateContent = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    category: templateCategory.default('notice'),
    placeholders: z.array(templatePlaceholder).max(50).default([]),
    defaultLocale: textLocale.default('en'),
    /** The text with `${name}` placeholders, by locale. */
    texts: z.record(textLocale, z.string().max(MAX_TEXT)).default({}),
    /** By id of an SMS service element. */
    bindings: z.record(anyKey(/^.{1,100}$/u), templateBinding).default({}),
  })
  .check((context) => {
    const names = context.value.placeholders.map(({ name }) => name)
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue
      const path = ['placeholders', index, 'name']
      context.issues.push({ code: 'custom', path, message: 'duplicate', input: name })
    }
  })
export type TemplateContent = z.infer<typeof templateContent>

/** A message template element. */
export const messageTemplate = templateContent.safeExtend({
  id: z.string(),
  revision: z.int(),
  updated: z.string(),
})
export type MessageTemplate = z.infer<typeof messageTemplate>
