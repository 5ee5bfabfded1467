import type { RunError } from '../../nodes/api/runs.ts'
import type { JsonObject } from '../../nodes/json.ts'

export type FiringState = 'waiting' | 'started' | 'skipped' | 'refused'

/** Once that a trigger was set off. */
export interface FiringRow {
  /** ULID. */
  id: string
  triggerId: string
  /** The same key is the same firing. */
  key: string | null
  inputHash: string | null
  at: number
  state: FiringState
  /** As long as it waits. */
  input: JsonObject | null
  reason: RunError | null
  runId: string | null
  /** How many functions followed each other up to here; 0 where nothing preceded it. */
  depth: number
}

/**
 * Each time that a trigger was set off. A firing is written before its run is started, and becomes `started` in the
 * commit that accepts the run: none is lost and none starts two runs, whenever the process dies.
 */
export interface Firings {
  /**
   * Writes firings in one commit; where a key is known, answers the firing that has it.
   * @param with.schedule notes up to which time a schedule owes nothing, and when it is due next
   * @param with.endOf the end of this run needs no further notice
   */
  take(
    rows: readonly FiringRow[],
    also?: {
      schedule?: { triggerId: string; handled: number; next: number | null }
      endOf?: string
    },
  ): Promise<{ row: FiringRow; isNew: boolean }[]>
  /** Ends a waiting firing without a run. Its key is free again. */
  settle(id: string, state: 'skipped' | 'refused', reason: RunError): Promise<void>
  /** Ends all that wait for a trigger. */
  settleWaiting(triggerId: string, reason: RunError): Promise<void>
  /** The firing that has a key. */
  known(triggerId: string, key: string): FiringRow | undefined
  /** The oldest that waits. */
  firstWaiting(triggerId: string): FiringRow | undefined
  countWaiting(triggerId: string): number
  /** Ids of all that wait for a trigger, the oldest first. */
  waiting(triggerId: string): string[]
  /** Triggers for which something waits. */
  triggersWaiting(): string[]
  /** True while a run of the trigger is not over. */
  isBusy(triggerId: string): boolean
  /** Newest first. */
  list(triggerId: string, limit: number): (FiringRow & { runStatus: string | null })[]
  /** Runs whose end has not been told. */
  untoldEnds(): string[]
  /** How many functions followed each other up to a run, over calls and failures in between too. */
  depthOf(runId: string): number
  /** Forgets what is older, but the latest of each trigger. */
  prune(before: number): Promise<void>
}
