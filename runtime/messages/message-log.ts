import type {
  MessageCountsAnswer,
  MessageDetail,
  MessageExport,
  MessageFilter,
  MessagePage,
  MessageQuery,
} from '../../nodes/api/messages.ts'
import type { RunPage, RunQuery, RunSummary } from '../../nodes/api/runs.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import type { SmsServiceStore } from '../elements/sms-services.ts'
import { CSV_START } from '../csv.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { exportCut, exportHeader } from './export-messages.ts'
import { messageDetail, readMessageId } from './message-detail.ts'
import { MessageQueries } from './message-queries.ts'
import type { RunSearch } from './find-runs.ts'
import { messageSearch } from './message-search.ts'
import type { MessageSearch } from './message-search.ts'
import type { MessageKey } from './message-walk.ts'

/** Lines that are made in one go. */
const EXPORT_PART = 500

/** All messages of all runs: what was to be sent to whom, and what became of it. */
export class MessageLog {
  readonly #ledger: Ledger
  readonly #directory: Directory
  readonly #services: Pick<SmsServiceStore, 'summaries'>
  readonly #country: () => string
  readonly #queries: MessageQueries

  /** @param options.country where numbers without `+` belong */
  constructor(options: {
    file: string
    ledger: Ledger
    directory: Directory
    services: Pick<SmsServiceStore, 'summaries'>
    country: () => string
  }) {
    this.#ledger = options.ledger
    this.#directory = options.directory
    this.#services = options.services
    this.#country = options.country
    this.#queries = new MessageQueries(options.file)
  }

  /** One page, newest first. It may hold less than was asked for and still have a `next`: see `searchedTo`. */
  find({ before, limit, ...filter }: MessageQuery): Promise<MessagePage> {
    const from = before === undefined ? undefined : readMessageId(before)
    return this.#queries.ask('find', messageSearch(filter, this.#country()), from, limit)
  }

  /** Counts by state; ask again until it is complete. */
  count(filter: MessageFilter): Promise<MessageCountsAnswer> {
    return this.#queries.ask('count', messageSearch(filter, this.#country()))
  }

  /** Runs of one status, newest first. */
  runs(search: RunSearch): Promise<RunSummary[]> {
    return this.#queries.ask('runs', search)
  }

  /** One page of a search for runs, each with its messages by state. */
  searchRuns(query: RunQuery): Promise<RunPage> {
    return this.#queries.ask('searchRuns', query)
  }

  /** The same runs, each with its messages by state. */
  withCounts(runs: readonly RunSummary[]): Promise<RunSummary[]> {
    return this.#queries.ask('withCounts', runs)
  }

  /** The whole life of one message. */
  get(id: string): Promise<MessageDetail | undefined> {
    return messageDetail(this.#ledger, this.#directory, id)
  }

  /** A CSV file in parts. Where it cannot hold everything that was asked for, its last line says so. */
  async *export({ numbers, language, limit, ...filter }: MessageExport): AsyncGenerator<string> {
    const search = messageSearch(filter, this.#country())
    const services = Object.fromEntries(this.#services.summaries().map((each) => [each.id, each]))
    const wishes = { language, isWhole: numbers === 'whole', services }
    yield CSV_START + exportHeader(language)
    let before: MessageKey | null | undefined
    let left = limit
    while (before !== null && left > 0) {
      const part = await this.#queries.ask('export', search, before, Math.min(left, EXPORT_PART), wishes)
      if (part.lines !== '') yield part.lines
      left -= part.count
      before = part.next
    }
    if (before && (await this.#hasMore(search, before))) yield exportCut(language, limit)
  }

  async #hasMore(search: MessageSearch, before: MessageKey): Promise<boolean> {
    let from: MessageKey | null = before
    while (from) {
      const { messages, next }: MessagePage = await this.#queries.ask('find', search, from, 1)
      if (messages.length > 0) return true
      from = next === null ? null : readMessageId(next)!
    }
    return false
  }

  close(): Promise<void> {
    return this.#queries.close()
  }
}
