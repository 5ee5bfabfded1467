import { existsSync } from 'node:fs'
import path from 'node:path'
import { messagePage, messageQuery } from '../../nodes/api/messages.ts'
import type { MessageEntry, MessagePage, MessageQuery } from '../../nodes/api/messages.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { translate } from '../../nodes/locales/index.ts'
import { explainProviderCode } from '../../nodes/services/sms/explanations/index.ts'
import { OrganisationStore } from '../directory/organisation-store.ts'
import { describePage } from '../messages/describe-entry.ts'
import { readMessageId } from '../messages/message-detail.ts'
import { MessageReader } from '../messages/message-reader.ts'
import { messageSearch } from '../messages/message-search.ts'
import { openDataFolder } from '../store/data-folder.ts'
import { askServer } from './ask-server.ts'
import { findServer } from './server-file.ts'

export interface MessagesOptions {
  /** States with commas between them. */
  state: string | undefined
  function: string | undefined
  person: string | undefined
  /** How many at most. */
  limit: string
  json: boolean
  data: string
  print: (text: string) => void
}

const MAX_LIMIT = 100_000
const PAGE = 200

/**
 * Prints messages, newest first, with masked numbers. Nothing is started or sent: beside a server it is asked, and
 * without one the store is only read.
 */
export async function messagesCommand({
  limit,
  json,
  data,
  print,
  ...filter
}: MessagesOptions): Promise<number> {
  const wanted = Number(limit)
  if (!/^\d+$/.test(limit) || wanted < 1 || wanted > MAX_LIMIT) {
    throw new TypeError(`--limit takes a number from 1 to ${MAX_LIMIT}, not "${limit}"`)
  }
  const query = readQuery(filter)
  const source = openSource(data)
  try {
    const found: MessageEntry[] = []
    let before: string | null | undefined
    while (before !== null && found.length < wanted) {
      const page = await source.page({ ...query, before, limit: Math.min(PAGE, wanted - found.length) })
      found.push(...page.messages)
      before = page.next
    }
    print(json ? `${JSON.stringify(found, null, 2)}\n` : asText(found))
    return 0
  } finally {
    await source.close()
  }
}

function readQuery(filter: object): MessageQuery {
  const read = messageQuery.safeParse(filter)
  if (read.success) return read.data
  const { path: place, message } = read.error.issues[0]!
  throw new TypeError(`--${String(place[0])}: ${message}`)
}

interface Source {
  page(query: MessageQuery): Promise<MessagePage>
  close(): unknown
}

function openSource(folder: string): Source {
  if (!existsSync(path.join(folder, 'sms-logic.db'))) {
    throw new FlowError(ErrorCode.NotFound, `There is no data folder ${folder}`, {
      hint: 'Give the folder that the server works on with --data.',
    })
  }
  try {
    return localSource(folder)
  } catch (error) {
    const server = error instanceof FlowError && error.code === ErrorCode.StoreLocked && findServer(folder)
    if (!server) throw error
    return {
      page: (query) => askServer(server, messagePage, `/api/messages?${queryText(query)}`),
      close: () => undefined,
    }
  }
}

function localSource(folder: string): Source {
  const { database, close } = openDataFolder(folder)
  const { country } = new OrganisationStore(database, 'US').current
  const reader = new MessageReader(database)
  return {
    async page({ before, limit, ...filter }) {
      const from = before === undefined ? undefined : readMessageId(before)
      return describePage(reader.find(messageSearch(filter, country), from, limit, Infinity))
    },
    close,
  }
}

function queryText(query: MessageQuery): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return new URLSearchParams(given).toString()
}

function asText(messages: readonly MessageEntry[]): string {
  if (messages.length === 0) return 'No message fits.\n'
  const rows = messages.map((message) => [
    message.created,
    message.phone || '-',
    message.name || '-',
    message.functionName,
    [message.state, message.delivery].filter(Boolean).join(', '),
    reason(message),
  ])
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function reason({ reason: skipped, error }: MessageEntry): string {
  if (skipped) return translate('en', `skipped.${skipped}`)
  if (!error) return ''
  const { provider, providerCode } = error
  const explained = provider && providerCode ? explainProviderCode(provider, providerCode, 'en') : null
  return `${explained?.cause ?? error.message}${providerCode ? ` (${providerCode})` : ''}`
}
