import type { RunError } from '../../nodes/api/runs.ts'
import type { Database } from '../store/database.ts'
import type { GroupCommit } from './group-commit.ts'
import type { OnErrors } from './on-errors.ts'

/** Failures in the data folder's SQLite file, written in the ledger's commits. */
export class SqliteOnErrors implements OnErrors {
  readonly #database: Database
  readonly #commits: GroupCommit

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database
    this.#commits = commits
  }

  /** Within a commit: the run has failed. */
  note(runId: string): void {
    this.#database.prepare(sql.note).run(runId)
  }

  /** Within a commit: the run that the failure starts is accepted. */
  started(runId: string): void {
    this.#database.prepare(sql.forget).run(runId)
  }

  due(): string[] {
    return this.#database
      .prepare(sql.due)
      .all()
      .map((row) => row['run_id'] as string)
  }

  isHandling(runId: string): boolean {
    return this.#database.prepare(sql.handling).get(runId) !== undefined
  }

  drop(runId: string, reason: RunError | null): Promise<void> {
    return this.#commits.write(() => {
      if (reason) this.#database.prepare(sql.refuse).run(JSON.stringify(reason), runId)
      else this.#database.prepare(sql.forget).run(runId)
    })
  }

  refusal(runId: string): RunError | undefined {
    const row = this.#database.prepare(sql.refusal).get(runId)
    return row && (JSON.parse(row['reason'] as string) as RunError)
  }
}

const sql = {
  note: 'INSERT INTO on_error_due (run_id) VALUES (?) ON CONFLICT DO NOTHING',
  forget: 'DELETE FROM on_error_due WHERE run_id = ?',
  refuse: 'UPDATE on_error_due SET reason = ? WHERE run_id = ?',
  due: 'SELECT run_id FROM on_error_due WHERE reason IS NULL ORDER BY run_id',
  refusal: 'SELECT reason FROM on_error_due WHERE run_id = ? AND reason IS NOT NULL',
  handling: `
    WITH RECURSIVE up (id) AS (
      SELECT ?
      UNION SELECT caller_run FROM run JOIN up ON run.id = up.id WHERE caller_run IS NOT NULL
      UNION SELECT source_run FROM run JOIN up ON run.id = up.id WHERE source_kind = 'retry'
    )
    SELECT 1 FROM run JOIN up ON run.id = up.id WHERE source_kind = 'on-error' LIMIT 1`,
}
