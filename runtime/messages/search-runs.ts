import { decodeTime } from 'ulid'
import type { SQLInputValue } from 'node:sqlite'
import type { RunPage, RunQuery, RunStatus, RunTrigger } from '../../nodes/api/runs.ts'
import { triggerKinds } from '../../nodes/api/runs.ts'
import { describeRunSummary } from '../engine/describe-run.ts'
import { readRun } from '../ledger/sqlite-rows.ts'
import { firstRunAt } from './message-search.ts'
import type { Connection } from './message-walk.ts'

/** Runs that are looked at between two looks at the clock. */
const LOOK = 64

/**
 * One page of a search, newest first, for no longer than it is given: whoever asked goes on where it ended. What is rare
 * has an index of its own that is walked; all else is read off the table, newest first.
 */
export function searchRuns(connection: Connection, query: RunQuery, budgetMs: number): RunPage {
  const { sql, values } = statementOf(query)
  const deadline = performance.now() + budgetMs
  const found: string[] = []
  let looked = 0
  let cut: string | undefined
  for (const row of connection.prepare(sql).iterate(values)) {
    const id = row['id'] as string
    if (row['fits'] === 1) found.push(id)
    if (found.length > query.limit) break
    if (++looked % LOOK === 0 && performance.now() >= deadline) {
      cut = id
      break
    }
  }
  const ids = found.slice(0, query.limit)
  const next = found.length > query.limit ? ids.at(-1)! : (cut ?? null)
  return {
    runs: readRuns(connection, ids),
    next,
    searchedTo: cut === undefined ? null : new Date(decodeTime(cut)).toISOString(),
  }
}

function readRuns(connection: Connection, ids: readonly string[]): RunPage['runs'] {
  const one = connection.prepare('SELECT * FROM run WHERE id = ?')
  return ids.flatMap((id) => {
    const row = one.get(id)
    return row ? [describeRunSummary(readRun(row))] : []
  })
}

interface Condition {
  sql: string
  values?: Record<string, SQLInputValue>
}

/** The statement that walks down the runs of the best index there is, and says of each whether it fits. */
export function statementOf(query: RunQuery): { sql: string; values: Record<string, SQLInputValue> } {
  const { before, from, to } = query
  const toId = to === undefined ? undefined : firstRunAt(to)
  const below = [before, toId].filter((id) => id !== undefined).sort()[0] ?? '~'
  const conditions = fits(query)
  const sql = `
    SELECT id, (${conditions.map((each) => `(${each.sql})`).join(' AND ') || '1'}) AS fits
    FROM ${pathOf(query)} AND id < $below AND id >= $from ORDER BY id DESC`
  const values = { $below: below, $from: from === undefined ? '' : firstRunAt(from) }
  return {
    sql,
    values: Object.assign(values, ...conditions.map((each) => each.values ?? {})) as typeof values,
  }
}

/** Done runs are nearly all; the others have indexes of their own. */
function pathOf({ function: name, status, trigger }: RunQuery): string {
  if (isOpen(status)) return 'run INDEXED BY run_open WHERE finished IS NULL'
  if (status !== undefined && status !== 'done') {
    const exceptional = "status <> 'running' AND status <> 'queued' AND status <> 'done'"
    return `run INDEXED BY run_exception WHERE ${exceptional}`
  }
  if (name !== undefined) return 'run INDEXED BY run_by_function WHERE function_name = $function'
  if (isTriggerKind(trigger)) return 'run WHERE trigger_id IS NOT NULL'
  return 'run WHERE TRUE'
}

function fits({ function: name, status, trigger, text }: RunQuery): Condition[] {
  return [
    ...(name === undefined ? [] : [{ sql: 'function_name = $function', values: { $function: name } }]),
    ...(status === undefined ? [] : [{ sql: 'status = $status', values: { $status: status } }]),
    ...(trigger === undefined ? [] : [{ sql: 'trigger = $trigger', values: { $trigger: trigger } }]),
    ...(text === undefined || text === '' ? [] : [textCondition(text)]),
  ]
}

/** The input of a test holds a whole number, which nobody is to find. */
function textCondition(text: string): Condition {
  return {
    sql: `instr(lower(id), $text) > 0 OR instr(function_name, $text) > 0
      OR (trigger <> 'test' AND instr(lower(input), $text) > 0)
      OR function_name IN (SELECT name FROM functions WHERE instr(lower(title), $text) > 0)`,
    values: { $text: lowerAscii(text) },
  }
}

/** SQLite's `lower` knows the letters of ASCII alone: what is looked for is made small the same way. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function isOpen(status: RunStatus | undefined): boolean {
  return status === 'running' || status === 'queued'
}

function isTriggerKind(trigger: RunTrigger | undefined): boolean {
  return (triggerKinds as readonly string[]).includes(trigger ?? '')
}
