import type { MessageTotals } from '../../nodes/api/messages.ts'
import type { RunSummary } from '../../nodes/api/runs.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { MessageState } from '../../nodes/messages.ts'
import type { Connection } from './message-walk.ts'

export type GroupOfMessages = Exclude<keyof MessageTotals, 'planned'>

/** Where a message of this state is counted: each in exactly one place, so that counts add up. */
export function groupOf(state: MessageState): GroupOfMessages {
  return isSettled(state) ? (state as GroupOfMessages) : 'open'
}

export function noMessages(): MessageTotals {
  return {
    planned: 0,
    accepted: 0,
    rejected: 0,
    unknown: 0,
    suppressed: 0,
    cancelled: 0,
    expired: 0,
    open: 0,
  }
}

/** The same runs, each with its messages by state. Reads the messages of all of them: ask in the reader's thread. */
export function withCounts(connection: Connection, runs: readonly RunSummary[]): RunSummary[] {
  const countStates = connection.prepare(
    'SELECT state, count(*) AS count FROM message WHERE run_id = ? GROUP BY state',
  )
  return runs.map((run) => {
    const counts = noMessages()
    for (const row of countStates.all(run.id)) {
      counts[groupOf(row['state'] as MessageState)] += Number(row['count'])
      counts.planned += Number(row['count'])
    }
    return { ...run, counts }
  })
}
