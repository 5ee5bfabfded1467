import type { RunStatus, RunSummary } from '../../nodes/api/runs.ts'
import { describeRunSummary } from '../engine/describe-run.ts'
import { readRun } from '../ledger/sqlite-rows.ts'
import type { Connection } from './message-walk.ts'

export interface RunSearch {
  function?: string | undefined
  status: RunStatus
  before?: string | undefined
  limit: number
}

/** The index that holds just the runs of a status; those that are done are nearly all. */
const paths: Record<RunStatus, string> = {
  queued: 'run INDEXED BY run_open WHERE finished IS NULL',
  running: 'run INDEXED BY run_open WHERE finished IS NULL',
  failed: exceptional(),
  cancelled: exceptional(),
  quarantined: exceptional(),
  done: 'run WHERE TRUE',
}
function exceptional(): string {
  return "run INDEXED BY run_exception WHERE status <> 'running' AND status <> 'queued' AND status <> 'done'"
}

/** Runs of one status, newest first. Where it is rare this may take long: ask in the reader's thread. */
export function findRuns(
  connection: Connection,
  { function: name, status, before, limit }: RunSearch,
): RunSummary[] {
  const rows = connection
    .prepare(
      `SELECT * FROM ${paths[status]} AND status = $status AND id < $before
       AND ($function IS NULL OR function_name = $function) ORDER BY id DESC LIMIT $limit`,
    )
    .all({ $status: status, $before: before ?? '~', $function: name ?? null, $limit: limit })
  return rows.map((row) => describeRunSummary(readRun(row)))
}
