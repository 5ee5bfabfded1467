/**
 * The thread that looks through the messages. SQLite's calls do not give way to others, and a search over millions of
 * messages takes long: here it holds nobody up, and its connection can only read.
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { MessageCountsAnswer, MessagePage } from '../../nodes/api/messages.ts'
import type { RunPage, RunQuery, RunSummary } from '../../nodes/api/runs.ts'
import { withCounts } from './count-by-run.ts'
import { describePage } from './describe-entry.ts'
import { exportPart } from './export-messages.ts'
import type { ExportPart, ExportWishes } from './export-messages.ts'
import { findRuns } from './find-runs.ts'
import type { RunSearch } from './find-runs.ts'
import { MessageReader } from './message-reader.ts'
import type { MessageSearch } from './message-search.ts'
import { searchRuns } from './search-runs.ts'
import type { MessageKey } from './message-walk.ts'

export interface ReaderCalls {
  find: (search: MessageSearch, before: MessageKey | undefined, limit: number) => MessagePage
  count: (search: MessageSearch) => MessageCountsAnswer
  runs: (search: RunSearch) => RunSummary[]
  searchRuns: (query: RunQuery) => RunPage
  withCounts: (runs: readonly RunSummary[]) => RunSummary[]
  export: (
    search: MessageSearch,
    before: MessageKey | undefined,
    limit: number,
    wishes: ExportWishes,
  ) => ExportPart
}
export interface ToReader {
  number: number
  call: keyof ReaderCalls
  arguments: unknown[]
}
export interface FromReader {
  number: number
  answer?: unknown
  error?: unknown
}

/** One request takes no longer than this, so that others get their turn; whoever asked asks on. */
const FIND_MS = 80
const COUNT_MS = 50

const { file } = workerData as { file: string }
const connection = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
connection.exec('PRAGMA query_only = TRUE; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY')
const reader = new MessageReader(connection)

const calls: ReaderCalls = {
  find: (search, before, limit) => describePage(reader.find(search, before, limit, FIND_MS)),
  count: (search) => reader.count(search, COUNT_MS),
  runs: (search) => findRuns(connection, search),
  searchRuns: (query) => {
    const page = searchRuns(connection, query, FIND_MS)
    return { ...page, runs: withCounts(connection, page.runs) }
  },
  withCounts: (runs) => withCounts(connection, runs),
  export: (search, before, limit, wishes) => exportPart(reader.find(search, before, limit, FIND_MS), wishes),
}

parentPort!.on('message', ({ number, call, arguments: given }: ToReader) => {
  try {
    const answer = (calls[call] as (...given: unknown[]) => unknown)(...given)
    parentPort!.postMessage({ number, answer } satisfies FromReader)
  } catch (error) {
    parentPort!.postMessage({ number, error } satisfies FromReader)
  }
})
