import type { Reply } from '../wire.ts'
import { jsonReply, notFound } from './replies.ts'
import type { Refusal } from './replies.ts'

/** A content template as Twilio's console would show it. */
export interface TwilioContent {
  sid: string
  name: string
  language: string
  /** `{{name}}` stands for a variable. */
  body: string
  /** What stands there where a message brings no value of its own. */
  samples: Readonly<Record<string, string>>
}

/** The content templates of the sandbox account. Texts are made up. */
export const twilioContents = [
  {
    sid: 'HX00000000000000000000000000000001',
    name: 'device_needs_help',
    language: 'en',
    body: '{{1}} needs help: {{2}}',
    samples: {},
  },
  {
    sid: 'HX00000000000000000000000000000002',
    name: 'device_needs_help_zh',
    language: 'zh_CN',
    body: '设备{{1}}需要处理：{{2}}',
    samples: {},
  },
  {
    sid: 'HX00000000000000000000000000000003',
    name: 'login_code',
    language: 'en',
    body: 'Your code is {{code}}. It is valid for {{minutes}} minutes.',
    samples: { minutes: '5' },
  },
] as const satisfies readonly TwilioContent[]

const CREATED = '2026-01-01T00:00:00Z'
const MAX_VALUE = 1_600

/** Where Twilio shows a content template. */
export const contentPlace = /^\/v1\/Content\/(?<content>[^/]+)$/

/** @see Twilio "Content API", fetch a content resource, read 2026-08 */
export function showContent(
  path: string,
  sid: string,
  { accountSid, contents }: { accountSid: string; contents: readonly TwilioContent[] },
): Reply {
  const content = contents.find((each) => each.sid === sid)
  if (!content) return notFound(path)
  const url = `https://content.twilio.com/v1/Content/${sid}`
  return jsonReply(200, {
    sid,
    account_sid: accountSid,
    friendly_name: content.name,
    language: content.language,
    variables: content.samples,
    types: { 'twilio/text': { body: content.body } },
    url,
    links: { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` },
    date_created: CREATED,
    date_updated: CREATED,
  })
}

/**
 * The text of a message that names a content template.
 * @returns `undefined` where it names none
 * @see Twilio "Messages resource", ContentSid and ContentVariables, read 2026-08
 */
export function renderContent(
  form: URLSearchParams,
  contents: readonly TwilioContent[],
): string | Refusal | undefined {
  const sid = form.get('ContentSid')
  const given = form.get('ContentVariables')
  if (sid === null) return given === null ? undefined : invalidVariables
  const content = contents.find((each) => each.sid === sid)
  if (!content) return { code: 21655, message: `The ContentSid ${sid} is invalid.` }
  const variables = readVariables(given)
  if (!variables) return invalidVariables
  const values = new Map([...Object.entries(content.samples), ...Object.entries(variables)])
  const names = [...content.body.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!)
  if (names.some((name) => !values.has(name))) return invalidVariables
  return content.body.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values.get(name)!)
}

const invalidVariables: Refusal = { code: 21656, message: 'The ContentVariables parameter is invalid.' }

/** An object of texts; anything else is refused. */
function readVariables(text: string | null): Record<string, string> | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text ?? '{}')
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
  const isFit = Object.values(parsed).every((value) => typeof value === 'string' && value.length <= MAX_VALUE)
  return isFit ? (parsed as Record<string, string>) : undefined
}
