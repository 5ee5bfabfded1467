import type { RunError } from '../../nodes/api/runs.ts'
import type { JsonObject } from '../../nodes/json.ts'
import type { Database } from '../store/database.ts'
import type { FiringRow, Firings } from './firings.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Row } from './sqlite-rows.ts'

/** Firings of a trigger that are kept however old they are. */
const KEPT_PER_TRIGGER = 200

/** Firings in the data folder's SQLite file, written in the ledger's commits. */
export class SqliteFirings implements Firings {
  readonly #database: Database
  readonly #commits: GroupCommit

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database
    this.#commits = commits
  }

  take(
    rows: readonly FiringRow[],
    { schedule, endOf }: Parameters<Firings['take']>[1] = {},
  ): ReturnType<Firings['take']> {
    return this.#commits.write(() => {
      const taken = rows.map((row) => this.#take(row))
      if (schedule) {
        this.#database.prepare(sql.schedule).run(schedule.handled, schedule.next, schedule.triggerId)
      }
      if (endOf !== undefined) this.#database.prepare(sql.forgetEnd).run(endOf)
      return taken
    })
  }

  #take(row: FiringRow): { row: FiringRow; isNew: boolean } {
    const { id, triggerId, key, inputHash, at, state, input, reason, runId, depth } = row
    const { changes } = this.#database
      .prepare(sql.insert)
      .run(id, triggerId, key, inputHash, at, state, textOf(input), textOf(reason), runId, depth)
    if (changes > 0) return { row, isNew: true }
    return { row: readFiring(this.#database.prepare(sql.byKey).get(triggerId, key)!), isNew: false }
  }

  settle(id: string, state: 'skipped' | 'refused', reason: RunError): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.settle).run(state, JSON.stringify(reason), id)
    })
  }

  settleWaiting(triggerId: string, reason: RunError): Promise<void> {
    return this.#commits.write(() => {
      this.#database.prepare(sql.settleWaiting).run(JSON.stringify(reason), triggerId)
    })
  }

  known(triggerId: string, key: string): FiringRow | undefined {
    const row = this.#database.prepare(sql.byKey).get(triggerId, key)
    return row && readFiring(row)
  }

  firstWaiting(triggerId: string): FiringRow | undefined {
    const row = this.#database.prepare(sql.firstWaiting).get(triggerId)
    return row && readFiring(row)
  }

  countWaiting(triggerId: string): number {
    return (this.#database.prepare(sql.countWaiting).get(triggerId) as { count: number }).count
  }

  waiting(triggerId: string): string[] {
    return this.#database
      .prepare(sql.waiting)
      .all(triggerId)
      .map((row) => row['id'] as string)
  }

  triggersWaiting(): string[] {
    return this.#database
      .prepare(sql.triggersWaiting)
      .all()
      .map((row) => row['id'] as string)
  }

  isBusy(triggerId: string): boolean {
    return this.#database.prepare(sql.busy).get(triggerId) !== undefined
  }

  list(triggerId: string, limit: number): ReturnType<Firings['list']> {
    return this.#database
      .prepare(sql.list)
      .all(triggerId, limit)
      .map((row) => ({ ...readFiring(row), runStatus: row['run_status'] as string | null }))
  }

  untoldEnds(): string[] {
    return this.#database
      .prepare('SELECT run_id FROM run_end ORDER BY run_id')
      .all()
      .map((row) => row['run_id'] as string)
  }

  depthOf(runId: string): number {
    return (this.#database.prepare(sql.depth).get(runId) as { depth: number | null }).depth ?? 0
  }

  async prune(before: number): Promise<void> {
    const oldest = this.#database.prepare(sql.oldest).get() as { at: number } | undefined
    if (!oldest || oldest.at >= before) return
    await this.#commits.write(() => {
      this.#database.prepare(sql.prune).run(before, KEPT_PER_TRIGGER)
    })
  }
}

const sql = {
  insert: `
    INSERT INTO trigger_firing (id, trigger_id, key, input_hash, at, state, input, reason, run_id, depth)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (trigger_id, key) WHERE key IS NOT NULL DO NOTHING`,
  byKey: 'SELECT * FROM trigger_firing WHERE trigger_id = ? AND key = ?',
  schedule: 'UPDATE triggers SET handled = ?, next_at = ? WHERE id = ? AND is_on = 1',
  forgetEnd: 'DELETE FROM run_end WHERE run_id = ?',
  settle: `
    UPDATE trigger_firing SET state = ?, reason = ?, input = NULL, key = NULL WHERE id = ? AND state = 'waiting'`,
  settleWaiting: `
    UPDATE trigger_firing SET state = 'skipped', reason = ?, input = NULL, key = NULL
    WHERE trigger_id = ? AND state = 'waiting'`,
  firstWaiting: `
    SELECT * FROM trigger_firing WHERE trigger_id = ? AND state = 'waiting' ORDER BY id LIMIT 1`,
  waiting: "SELECT id FROM trigger_firing WHERE trigger_id = ? AND state = 'waiting' ORDER BY id",
  countWaiting: `
    SELECT count(*) AS count FROM trigger_firing WHERE trigger_id = ? AND state = 'waiting'`,
  triggersWaiting: `
    SELECT DISTINCT trigger_id AS id FROM trigger_firing WHERE state = 'waiting'`,
  // What a restore holds may have ended long ago: it keeps nothing waiting.
  busy: `
    SELECT 1 FROM run WHERE trigger_id = ? AND finished IS NULL
      AND (error IS NULL OR error ->> '$.code' <> 'RUN_RESTORED') LIMIT 1`,
  list: `
    SELECT trigger_firing.*, run.status AS run_status FROM trigger_firing
    LEFT JOIN run ON run.id = trigger_firing.run_id
    WHERE trigger_firing.trigger_id = ? ORDER BY trigger_firing.id DESC LIMIT ?`,
  depth: `
    WITH RECURSIVE up (id) AS (
      SELECT ?
      UNION SELECT caller_run FROM run JOIN up ON run.id = up.id WHERE caller_run IS NOT NULL
      UNION SELECT source_run FROM run JOIN up ON run.id = up.id WHERE source_kind = 'on-error'
    )
    SELECT max(depth) AS depth FROM trigger_firing WHERE run_id IN (SELECT id FROM up)`,
  oldest: 'SELECT at FROM trigger_firing ORDER BY id LIMIT 1',
  prune: `
    DELETE FROM trigger_firing
    WHERE at < ?1 AND state <> 'waiting' AND id NOT IN (
      SELECT kept.id FROM triggers JOIN trigger_firing AS kept ON kept.id IN (
        SELECT id FROM trigger_firing WHERE trigger_id = triggers.id ORDER BY id DESC LIMIT ?2))`,
}

function textOf(json: JsonObject | RunError | null): string | null {
  return json === null ? null : JSON.stringify(json)
}

function readFiring(row: Row): FiringRow {
  const parsed = <T>(text: unknown) => (text === null ? null : (JSON.parse(text as string) as T))
  return {
    id: row['id'] as string,
    triggerId: row['trigger_id'] as string,
    key: row['key'] as string | null,
    inputHash: row['input_hash'] as string | null,
    at: row['at'] as number,
    state: row['state'] as FiringRow['state'],
    input: parsed<JsonObject>(row['input']),
    reason: parsed<RunError>(row['reason']),
    runId: row['run_id'] as string | null,
    depth: row['depth'] as number,
  }
}
