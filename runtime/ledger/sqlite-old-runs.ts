import type { Database } from '../store/database.ts'
import type { GroupCommit } from './group-commit.ts'
import type { OldRuns } from './old-runs.ts'

/** Runs that one commit looks at. */
const SLICE = 50
/** Runs whose graphs are noted at a time: only read. */
const WIDE_SLICE = 2_000
/** Graphs that one commit removes: each may be large. */
const GRAPHS = 20

/** What belongs to a run, and what tells its rows apart. The run itself goes last. */
const parts = [
  ['attempt', 'number, attempt'],
  ['receipt', 'number, digest'],
  ['message', 'number'],
  ['record', 'number'],
  ['plan', 'path'],
  ['timer', 'path'],
  ['http_request', 'path'],
] as const

/** Old runs in the data folder's SQLite file, removed in the ledger's commits. */
export class SqliteOldRuns implements OldRuns {
  readonly #database: Database
  readonly #commits: GroupCommit

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database
    this.#commits = commits
  }

  async mark(after: string, before: number): ReturnType<OldRuns['mark']> {
    const rows = this.#database.prepare(sql.slice).all(after, SLICE) as { id: string; created: number }[]
    const old = rows.filter(({ created }) => created < before)
    const isLast = old.length < rows.length || rows.length < SLICE
    const next = isLast ? null : rows.at(-1)!.id
    if (old.length === 0) return { marked: 0, next }
    return this.#commits.write(() => {
      const mark = this.#database.prepare(sql.mark)
      const changes = old.map(({ id }) => Number(mark.run(id, before).changes))
      return { marked: changes.reduce((sum, each) => sum + each, 0), next }
    })
  }

  async removeSome(rows: number): ReturnType<OldRuns['removeSome']> {
    if (this.#marked() === undefined) return { runs: 0, isMore: false }
    return this.#commits.write(() => {
      let budget = rows
      let runs = 0
      for (let id = this.#marked(); id !== undefined && budget > 0; id = this.#marked()) {
        budget -= this.#removeParts(id, budget) + 1
        if (budget < 0) break
        for (const last of [sql.removeFailure, sql.removeRun, sql.unmark])
          this.#database.prepare(last).run(id)
        runs++
      }
      return { runs, isMore: this.#marked() !== undefined }
    })
  }

  noteGraphs(after: string, used: Set<string>): string | null {
    const rows = this.#database.prepare(sql.graphs).all(after, WIDE_SLICE) as {
      id: string
      version: string
    }[]
    for (const { version } of rows) used.add(version)
    return rows.length < WIDE_SLICE ? null : rows.at(-1)!.id
  }

  async removeGraphs(before: number, used: ReadonlySet<string>): Promise<number> {
    const old = this.#database.prepare(sql.oldGraphs).all(before) as { hash: string }[]
    const unused = old.filter(({ hash }) => !used.has(hash)).slice(0, GRAPHS)
    if (unused.length === 0) return 0
    return this.#commits.write(() => {
      const remove = this.#database.prepare(sql.removeGraph)
      // one that was kept again meanwhile stays
      return unused.reduce((sum, { hash }) => sum + Number(remove.run(hash, before).changes), 0)
    })
  }

  async removeEntries(before: number, rows: number): Promise<number> {
    const statements = [sql.removeInboxEntries, sql.removeFirings, sql.removeKeys]
    return this.#commits.write(() =>
      statements.reduce(
        (sum, each) => sum + Number(this.#database.prepare(each).run(before, rows).changes),
        0,
      ),
    )
  }

  #marked(): string | undefined {
    return this.#database.prepare(sql.firstMarked).get()?.['run_id'] as string | undefined
  }

  /** @returns how many rows; the whole budget, where rows may be left */
  #removeParts(runId: string, budget: number): number {
    let removed = 0
    for (const [table, keys] of parts) {
      const { changes } = this.#database.prepare(removePart(table, keys)).run(runId, budget - removed)
      removed += Number(changes)
      if (removed >= budget) return budget
    }
    return removed
  }
}

function removePart(table: string, keys: string): string {
  return `DELETE FROM ${table} WHERE run_id = ?1 AND (${keys}) IN
    (SELECT ${keys} FROM ${table} WHERE run_id = ?1 LIMIT ?2)`
}

/** How many of the oldest entries one commit looks at, however many of them may go. */
const oldest = 'ORDER BY id LIMIT ?2'
const sql = {
  slice: 'SELECT id, created FROM run WHERE id > ? ORDER BY id LIMIT ?',
  /**
   * Kept, however old: runs under way; those with texts that nobody knows the outcome of or that are being sent again;
   * those whose end or failure is still to be told; what a kept run has called or goes on with, because that says what it
   * must not do a second time.
   */
  mark: `
    INSERT INTO run_removal (run_id)
    SELECT id FROM run WHERE id = ?1 AND finished < ?2
      AND NOT EXISTS (SELECT 1 FROM run_removal WHERE run_id = run.id)
      AND NOT EXISTS (SELECT 1 FROM message
        WHERE run_id = run.id AND state IN ('planned', 'dispatching', 'retry-wait', 'unknown'))
      AND NOT EXISTS (SELECT 1 FROM reconciliation WHERE run_id = run.id)
      AND NOT EXISTS (SELECT 1 FROM redelivery WHERE run_id = run.id)
      AND NOT EXISTS (SELECT 1 FROM run_end WHERE run_id = run.id)
      AND NOT EXISTS (SELECT 1 FROM on_error_due WHERE run_id = run.id AND reason IS NULL)
      AND NOT EXISTS (SELECT 1 FROM run AS caller WHERE caller.id = run.caller_run)
      AND NOT EXISTS (SELECT 1 FROM run AS retry
        WHERE retry.source_run = run.id AND retry.source_kind = 'retry')`,
  graphs: 'SELECT id, version FROM run WHERE id > ? ORDER BY id LIMIT ?',
  oldGraphs: `
    SELECT hash FROM graph_version WHERE created < ?
      AND NOT EXISTS (SELECT 1 FROM function_version WHERE function_version.hash = graph_version.hash)`,
  removeGraph: 'DELETE FROM graph_version WHERE hash = ? AND created < ?',
  firstMarked: 'SELECT run_id FROM run_removal ORDER BY run_id LIMIT 1',
  removeFailure: 'DELETE FROM on_error_due WHERE run_id = ?',
  removeRun: 'DELETE FROM run WHERE id = ?',
  unmark: 'DELETE FROM run_removal WHERE run_id = ?',
  removeInboxEntries: `
    DELETE FROM inbox_entry WHERE id IN (
      SELECT id FROM (SELECT id, run_id, created FROM inbox_entry ${oldest}) AS entry
      WHERE created < ?1
        AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = entry.run_id AND finished IS NULL))`,
  removeFirings: `
    DELETE FROM trigger_firing WHERE id IN (
      SELECT id FROM (SELECT id, at, state FROM trigger_firing ${oldest}) WHERE at < ?1 AND state <> 'waiting')`,
  removeKeys: `
    DELETE FROM idempotency WHERE key IN (
      SELECT key FROM idempotency WHERE created < ?1 ORDER BY created LIMIT ?2)`,
}
