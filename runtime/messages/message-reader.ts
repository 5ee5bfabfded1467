import { decodeTime } from 'ulid'
import type { MessageCountsAnswer, MessageTotals } from '../../nodes/api/messages.ts'
import { deliveryStates, messageStates } from '../../nodes/messages.ts'
import type { DeliveryState } from '../../nodes/messages.ts'
import { groupOf, noMessages } from './count-by-run.ts'
import { readMessage } from '../ledger/sqlite-rows.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import type { MessageSearch } from './message-search.ts'
import { MessageWalk } from './message-walk.ts'
import type { Connection, MessageKey } from './message-walk.ts'

/** Messages that one statement looks through: a few milliseconds. */
const SLICE = 5_000
/** Countings that are kept, finished or not. */
const MAX_COUNTINGS = 50
/** A finished counting answers again for at least this long, and for so many times the time it took. */
const FRESH_MS = 2_000
const FRESH_FACTOR = 20

export interface FoundMessages {
  rows: (MessageRow & { functionName: string })[]
  /** Go on below this one; `null`: nothing is left. */
  next: MessageKey | null
  /** True where time ran out before the page was full. */
  isCut: boolean
}

interface Counting {
  walk: MessageWalk
  before: MessageKey
  totals: MessageTotals
  delivery: Record<DeliveryState, number>
  began: number
  spentMs: number
  finished: number | null
}

/**
 * Looks through the messages of a store, newest first, in slices and for no longer than it is given: whoever asks
 * goes on where it ended. The same statements serve a store of a hundred messages and one of many millions.
 */
export class MessageReader {
  readonly #connection: Connection
  readonly #clock: () => number
  readonly #countings = new Map<string, Counting>()

  constructor(connection: Connection, clock: () => number = Date.now) {
    this.#connection = connection
    this.#clock = clock
  }

  /** @param before where the page before ended */
  find(
    search: MessageSearch,
    before: MessageKey | undefined,
    limit: number,
    budgetMs: number,
  ): FoundMessages {
    const walk = new MessageWalk(this.#connection, search)
    const deadline = performance.now() + budgetMs
    const rows: FoundMessages['rows'] = []
    let from = before ?? walk.start
    for (;;) {
      const { last, isEnd } = walk.sliceEnd(from, SLICE)
      for (const row of walk.rows(from, last, limit + 1 - rows.length)) {
        rows.push({ ...readMessage(row), functionName: row['function_name'] as string })
      }
      if (rows.length > limit)
        return { rows: rows.slice(0, limit), next: keyOf(rows[limit - 1]!), isCut: false }
      if (isEnd) return { rows, next: null, isCut: false }
      if (performance.now() >= deadline) return { rows, next: last, isCut: true }
      from = last
    }
  }

  /**
   * Counts by state, each message once, in the state it had when its slice was counted: so the sums always add up.
   * Goes on where the last call with the same search ended; what is finished answers again for a while.
   */
  count(search: MessageSearch, budgetMs: number): MessageCountsAnswer {
    const counting = this.#counting(search)
    const begin = performance.now()
    while (counting.finished === null) {
      if (this.#addSlice(counting)) counting.finished = this.#clock()
      else if (performance.now() - begin >= budgetMs) break
    }
    counting.spentMs += performance.now() - begin
    return {
      counts: { ...counting.totals },
      delivery: { ...counting.delivery },
      asOf: new Date(counting.began).toISOString(),
      isComplete: counting.finished !== null,
      countedTo: counting.finished === null ? runTime(counting.before) : null,
    }
  }

  #counting(search: MessageSearch): Counting {
    const key = JSON.stringify(search)
    const known = this.#countings.get(key)
    this.#countings.delete(key)
    const isUsable = known && (known.finished === null || this.#isFresh(known))
    const counting = isUsable ? known : this.#begin(search)
    this.#countings.set(key, counting)
    if (this.#countings.size > MAX_COUNTINGS) this.#countings.delete(this.#countings.keys().next().value!)
    return counting
  }

  #isFresh({ finished, spentMs }: Counting): boolean {
    return this.#clock() - finished! < Math.max(FRESH_MS, spentMs * FRESH_FACTOR)
  }

  #begin(search: MessageSearch): Counting {
    const walk = new MessageWalk(this.#connection, search)
    return {
      walk,
      before: walk.start,
      totals: noMessages(),
      delivery: { queued: 0, sent: 0, delivered: 0, undelivered: 0, failed: 0 },
      began: this.#clock(),
      spentMs: 0,
      finished: null,
    }
  }

  /** @returns true where it was the last one */
  #addSlice(counting: Counting): boolean {
    const { walk, before, totals, delivery } = counting
    const { last, isEnd } = walk.sliceEnd(before, SLICE)
    const counts = walk.counts(before, last)
    for (const state of messageStates) {
      totals[groupOf(state)] += counts[state]
      totals.planned += counts[state]
    }
    for (const state of deliveryStates) delivery[state] += counts[state]
    counting.before = last
    return isEnd
  }
}

/** When the run of a message began, ISO 8601. */
export function runTime({ runId }: MessageKey): string {
  return new Date(decodeTime(runId)).toISOString()
}

const keyOf = ({ runId, number }: MessageRow): MessageKey => ({ runId, number })
