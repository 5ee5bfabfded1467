import { existsSync } from 'node:fs'
import path from 'node:path'
import { run, runPage, runQuery } from '../../nodes/api/runs.ts'
import type { RunQuery, RunSummary } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { searchRuns } from '../messages/search-runs.ts'
import { openDataFolder } from '../store/data-folder.ts'
import { askServer } from './ask-server.ts'
import { findServer } from './server-file.ts'

export interface RunsOptions {
  /** Nothing: a list. */
  action: string | undefined
  id: string | undefined
  status?: string | undefined
  function?: string | undefined
  trigger?: string | undefined
  from?: string | undefined
  to?: string | undefined
  text?: string | undefined
  /** For `again`: which version. */
  functionVersion: string | undefined
  /** How many at most. */
  limit: string
  json: boolean
  data: string
  print: (text: string) => void
}

const MAX_LIMIT = 100_000
const PAGE = 200
const actions = ['again', 'retry', 'cancel']

/**
 * Prints runs, newest first, or does something with one. To list, the store is only read where no server has it; what
 * changes something is asked of the server.
 */
export async function runsCommand(options: RunsOptions): Promise<number> {
  const { action, id, print } = options
  if (action === undefined) return list(options)
  if (!actions.includes(action) || id === undefined) {
    throw new TypeError(`runs takes ${actions.join(', ')} and the id of a run, not "${action}"`)
  }
  const answer = await askAction(options, action, id)
  print(options.json ? `${JSON.stringify(answer, null, 2)}\n` : `${answer.id}  ${answer.status}\n`)
  return 0
}

function askAction({ data, functionVersion }: RunsOptions, action: string, id: string) {
  const server = findServer(data)
  if (!server) {
    throw new FlowError(ErrorCode.NotFound, `No server works on ${data}`, {
      hint: 'Start it with sms-logic start, then try again.',
    })
  }
  const query = new URLSearchParams({
    ...(action !== 'cancel' && { trigger: 'cli' }),
    ...(action === 'again' && functionVersion !== undefined && { version: functionVersion }),
  })
  return askServer(server, run, `/api/runs/${encodeURIComponent(id)}/${action}?${query}`, {})
}

async function list(options: RunsOptions): Promise<number> {
  const { limit, json, data, print, status, trigger, from, to, text } = options
  const wanted = Number(limit)
  if (!/^\d+$/.test(limit) || wanted < 1 || wanted > MAX_LIMIT) {
    throw new TypeError(`--limit takes a number from 1 to ${MAX_LIMIT}, not "${limit}"`)
  }
  const query = readQuery({ status, function: options.function, trigger, from, to, text })
  const source = openSource(data)
  try {
    const found: RunSummary[] = []
    let before: string | null | undefined
    while (before !== null && found.length < wanted) {
      const page = await source.page({ ...query, before, limit: Math.min(PAGE, wanted - found.length) })
      found.push(...page.runs)
      before = page.next
    }
    print(json ? `${JSON.stringify(found, null, 2)}\n` : asText(found))
    return 0
  } finally {
    source.close()
  }
}

function readQuery(filter: object): RunQuery {
  const read = runQuery.safeParse(filter)
  if (read.success) return read.data
  const { path: place, message } = read.error.issues[0]!
  throw new TypeError(`--${String(place[0])}: ${message}`)
}

function openSource(folder: string) {
  if (!existsSync(path.join(folder, 'sms-logic.db'))) {
    throw new FlowError(ErrorCode.NotFound, `There is no data folder ${folder}`, {
      hint: 'Give the folder that the server works on with --data.',
    })
  }
  try {
    const { database, close } = openDataFolder(folder)
    return { page: async (query: RunQuery) => searchRuns(database, query, Infinity), close }
  } catch (error) {
    const server = error instanceof FlowError && error.code === ErrorCode.StoreLocked && findServer(folder)
    if (!server) throw error
    const page = (query: RunQuery) => askServer(server, runPage, `/api/runs/search?${queryText(query)}`)
    return { page, close: () => undefined }
  }
}

function queryText(query: RunQuery): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return new URLSearchParams(given).toString()
}

function asText(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'No run fits.\n'
  const width = Math.max(...runs.map(({ functionName }) => functionName.length))
  const line = ({ id, created, functionName, status, trigger, source }: RunSummary) =>
    [
      id,
      created,
      functionName.padEnd(width),
      status.padEnd(11),
      trigger,
      source ? `${source.kind} ${source.run}` : '',
    ]
      .join('  ')
      .trimEnd()
  return runs.map((each) => `${line(each)}\n`).join('')
}
