import type { TwilioAccount } from '../accounts.ts'
import type { SandboxFile } from '../sandbox-file.ts'
import type { Reply } from '../wire.ts'
import { endOf, messageResource } from './message-resource.ts'
import { jsonReply, refuse } from './replies.ts'

/** One page of an account's messages, newest first. A page token names the last message of the page before. */
export function listMessages(path: string, query: string, account: TwilioAccount, file: SandboxFile): Reply {
  const fields = new URLSearchParams(query)
  const pageSize = Number(fields.get('PageSize') ?? 50)
  if (!Number.isInteger(pageSize) || pageSize < 1) {
    return refuse({ code: 20001, message: `Invalid PageSize ${fields.get('PageSize')}` })
  }
  const size = Math.min(pageSize, 1_000)
  const page = Math.max(0, Math.trunc(Number(fields.get('Page') ?? 0)) || 0)
  const token = fields.get('PageToken')
  const found = file.findMessages({
    provider: 'twilio',
    account: account.accountSid,
    ...named('to', fields.get('To')),
    ...named('from', fields.get('From')),
    ...sentBetween(fields),
    ...(token?.startsWith('PA') ? { beforeId: token.slice(2) } : { offset: page * size }),
    limit: size + 1,
  })
  const shown = found.slice(0, size)
  const last = shown.at(-1)
  const uri = (changes: Record<string, string | null>) => `${path}?${changed(fields, changes)}`
  return jsonReply(200, {
    messages: shown.map((message) => messageResource({ message, status: endOf(message), numMedia: 0 })),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(0, shown.length - 1),
    uri: uri({}),
    first_page_uri: uri({ Page: '0', PageToken: null }),
    next_page_uri:
      found.length > size && last ? uri({ Page: String(page + 1), PageToken: `PA${last.id}` }) : null,
    previous_page_uri: page > 0 ? uri({ Page: String(page - 1), PageToken: null }) : null,
  })
}

function named<Name extends 'to' | 'from'>(name: Name, value: string | null): { [K in Name]?: string } {
  return value ? ({ [name]: value } as { [K in Name]: string }) : {}
}

/** `DateSent` is a day; `DateSent>` and `DateSent<` are moments. A value that is no date does not filter. */
function sentBetween(fields: URLSearchParams): { since?: number; until?: number } {
  const moment = (name: string) => Date.parse(fields.get(name) ?? '')
  const range: { since?: number; until?: number } = {}
  const day = moment('DateSent')
  if (!Number.isNaN(day)) {
    range.since = Math.floor(day / 86_400_000) * 86_400_000
    range.until = range.since + 86_400_000
  }
  const since = moment('DateSent>')
  if (!Number.isNaN(since)) range.since = since
  const until = moment('DateSent<')
  if (!Number.isNaN(until)) range.until = until + 1
  return range
}

function changed(fields: URLSearchParams, changes: Record<string, string | null>): URLSearchParams {
  const copy = new URLSearchParams(fields)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) copy.delete(name)
    else copy.set(name, value)
  }
  return copy
}
