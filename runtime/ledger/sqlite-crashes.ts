import type { Database } from '../store/database.ts'
import { quarantineError } from './crashes.ts'
import type { Crashes, Suspect } from './crashes.ts'
import type { GroupCommit } from './group-commit.ts'
import * as sql from './sqlite-statements.ts'

interface SuspectRow {
  runId: string
  place: string
  crashes: number
  step: string | null
  isLate: number
}

/** Marks of crashes in the data folder's SQLite file. */
export class SqliteCrashes implements Crashes {
  readonly #database: Database
  readonly #commits: GroupCommit

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database
    this.#commits = commits
  }

  async begin(now: number): Promise<Suspect[]> {
    const prepare = (text: string) => this.#database.prepare(text)
    return this.#database.transaction(() => {
      const hasDied = prepare(sql.insertOpenProcess).run().changes === 0
      const rows = prepare(sql.selectSuspects).all() as unknown as SuspectRow[]
      const before = new Map(rows.map((row) => [row.runId, row]))
      prepare(sql.deleteSuspects).run()
      if (!hasDied) return []
      const executing = prepare(sql.selectExecuting).all(now) as { runId: string; place: string }[]
      const suspects = executing.map(({ runId, place }): SuspectRow => {
        const known = before.get(runId)
        if (known?.place !== place) return { runId, place, crashes: 1, step: null, isLate: 0 }
        return { ...known, crashes: known.crashes + 1 }
      })
      const wasAlone = rows.filter(({ step }) => step !== null).length === 1
      const guilty = wasAlone ? suspects.find(({ step, isLate }) => step !== null && isLate === 0) : undefined
      if (guilty) {
        const error = JSON.stringify(quarantineError(guilty.step!, guilty.crashes))
        prepare(sql.quarantineRun).run(error, guilty.runId)
      }
      const others = suspects.filter((suspect) => suspect !== guilty)
      const insert = prepare(sql.insertSuspect)
      for (const { runId, place, crashes } of others) insert.run(runId, place, crashes)
      return others.map(({ runId, crashes }) => ({ runId, crashes }))
    })
  }

  async end(): Promise<void> {
    this.#database.prepare(sql.deleteOpenProcess).run()
  }

  enter(runId: string, step: string): void {
    this.#database.prepare(sql.enterStep).run(step, runId)
  }

  leave(runId: string): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.leaveStep).run(runId)
    })
  }

  timeIsUp(runId: string): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.markLate).run(runId)
    })
  }

  endTrials(): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.leaveSteps).run()
    })
  }

  async countQuarantined(): Promise<number> {
    return (this.#database.prepare(sql.countQuarantined).get() as { count: number }).count
  }

  async heldByRestore(): Promise<string[]> {
    return this.#database
      .prepare(sql.selectHeldByRestore)
      .all()
      .map(({ id }) => id as string)
  }

  release(runId: string, cancelled: boolean): Promise<boolean> {
    return this.#commits.write(() => {
      if (!cancelled) this.#database.prepare(sql.insertReleased).run(runId)
      return this.#database.prepare(sql.releaseRun).run(cancelled ? 1 : 0, runId).changes === 1
    })
  }
}
