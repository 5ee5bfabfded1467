import type { Timers } from '../engine/timers.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { OldRuns } from '../ledger/old-runs.ts'

const DAY_MS = 86_400_000
const FIRST_AFTER_MS = 60_000
const EVERY_MS = 3_600_000
/** Rows that one commit removes, and the time in milliseconds that belongs to everything else before the next. */
const ROWS = 300
const PAUSE_MS = 10

export interface RetentionDependencies {
  oldRuns: OldRuns
  timers: Timers
  /** How many days ended runs are kept; `null`: for ever. */
  days: () => number | null
  audit: Pick<AuditLog, 'cut'>
  /** How many days entries of the audit log are kept; `null`: for ever. */
  auditDays: () => number | null
  /** From now on every graph is kept again before a further run of it: what is not kept again may be removed. */
  forgetGraphs: () => void
  unforeseen: (error: unknown) => void
}

/** Removes ended runs with their messages, graphs, inbox entries and firings once they are older than the settings want. */
export class Retention {
  readonly #on: RetentionDependencies
  #sweeping: Promise<number> | undefined
  #isClosing = false
  #endPause = (): void => undefined

  constructor(dependencies: RetentionDependencies) {
    this.#on = dependencies
  }

  /** From now on sweeps by itself. */
  start(): void {
    this.#sweepIn(FIRST_AFTER_MS)
  }

  /** Removes what is too old. @returns how many runs are gone; one sweep at a time */
  sweep(): Promise<number> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined))
    return this.#sweeping
  }

  /** Stops after the commit that is under way; the next start goes on. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#endPause()
    await this.#sweeping?.catch(() => undefined)
  }

  async #sweep(): Promise<number> {
    const { days, timers } = this.#on
    // what the last process had begun to remove
    let removed = await this.#remove()
    await this.#cutAudit()
    const kept = days()
    if (kept === null) return removed
    const before = timers.now() - kept * DAY_MS
    await this.#removeEntries(before)
    // what a removed run has called, or went on with, can go after it
    for (let marked = 1; marked > 0 && !this.#isClosing;) {
      marked = await this.#mark(before)
      removed += await this.#remove()
    }
    if (removed > 0) await this.#removeGraphs(before)
    return removed
  }

  async #cutAudit(): Promise<void> {
    const { audit, auditDays, timers } = this.#on
    const days = auditDays()
    if (days !== null) await audit.cut(timers.now() - days * DAY_MS, () => this.#isClosing)
  }

  /** A run that is accepted meanwhile has kept its graph again, with a later time. */
  async #removeGraphs(before: number): Promise<void> {
    const { oldRuns, forgetGraphs } = this.#on
    forgetGraphs()
    const used = new Set<string>()
    for (let after: string | null = ''; after !== null; after = oldRuns.noteGraphs(after, used)) {
      if (this.#isClosing) return
      await this.#pause()
    }
    while (!this.#isClosing && (await oldRuns.removeGraphs(before, used)) > 0) await this.#pause()
  }

  async #mark(before: number): Promise<number> {
    let all = 0
    for (let after: string | null = ''; after !== null && !this.#isClosing;) {
      const { marked, next } = await this.#on.oldRuns.mark(after, before)
      all += marked
      after = next
      await this.#pause()
    }
    return all
  }

  async #remove(): Promise<number> {
    let removed = 0
    for (let isMore = true; isMore && !this.#isClosing;) {
      const some = await this.#on.oldRuns.removeSome(ROWS)
      removed += some.runs
      isMore = some.isMore
      if (isMore) await this.#pause()
    }
    return removed
  }

  async #removeEntries(before: number): Promise<void> {
    while (!this.#isClosing && (await this.#on.oldRuns.removeEntries(before, ROWS)) > 0) await this.#pause()
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#endPause = resolve
      void this.#on.timers.sleep(PAUSE_MS).then(resolve)
    })
  }

  #sweepIn(milliseconds: number): void {
    const { timers, unforeseen } = this.#on
    timers.at(timers.now() + milliseconds, () => {
      if (this.#isClosing) return
      this.sweep().catch(unforeseen)
      this.#sweepIn(EVERY_MS)
    })
  }
}
