import type { RunError } from '../../nodes/api/runs.ts'

/**
 * Failed runs whose *on error* function is to be started. A failure is noted in the commit that ends its run, and the
 * note goes in the commit that accepts the run it starts: none is lost and none starts two, whenever the process dies.
 */
export interface OnErrors {
  /** Failed runs whose function was neither started nor refused, the oldest first. */
  due(): string[]
  /** True for a run that a failure started, one that goes on with such a run, and what either of them calls. */
  isHandling(runId: string): boolean
  /** The failure starts nothing. @param reason why; `null`: it was not to start anything */
  drop(runId: string, reason: RunError | null): Promise<void>
  /** Why the function of a failed run was not started. */
  refusal(runId: string): RunError | undefined
}
