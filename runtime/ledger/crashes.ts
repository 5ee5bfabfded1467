import type { RunError } from '../../nodes/api/runs.ts'
import { ErrorCode } from '../../nodes/errors.ts'

/** An unfinished run that was executing a step, and not waiting, when the process died. */
export interface Suspect {
  runId: string
  /** How often the process died while the run stood where it stands. */
  crashes: number
}

/**
 * The part of the ledger that knows which run made the process die. A crash says nothing of its cause, so what is
 * written here is written after a crash only: see `runtime/engine/trials.ts` for the rule.
 */
export interface Crashes {
  /**
   * Notes that a process has the store. Call before `Ledger.recover`. Where the process before died while a run on
   * trial executed a step, no other did, and it stands where it stood, the run is put in quarantine.
   * @returns who else was executing when it died, oldest first; nobody where it was closed
   */
  begin(now: number): Promise<Suspect[]>
  /** The process comes to its end as it should: what is unfinished now is nobody's fault. */
  end(): Promise<void>
  /** A suspect begins a step. On disk when this returns, since the process may not get any further. */
  enter(runId: string, step: string): void
  /** A suspect waits for something outside, or has ended. */
  leave(runId: string): Promise<void>
  /** The trial of a suspect is over, whatever it does. */
  timeIsUp(runId: string): Promise<void>
  /** Nobody is on trial any more, and it does not matter what suspects execute. */
  endTrials(): Promise<void>
  /**
   * Lets a run out of quarantine, on trial still, or to be cancelled.
   * @returns false where it is not in quarantine
   */
  release(runId: string, cancelled: boolean): Promise<boolean>
  countQuarantined(): Promise<number>
  /** Runs in quarantine because they were open in the backup that the store was restored from, oldest first. */
  heldByRestore(): Promise<string[]>
}

/** Why a run is in quarantine. */
export function quarantineError(step: string, crashes: number): RunError {
  return {
    code: ErrorCode.RunQuarantined,
    message: `The server ended unexpectedly ${crashes} times while this run was at the same step`,
    hint: 'Find out from the server’s log why it ended, then let the run go on or cancel it.',
    params: { crashes },
    nodeId: step,
  }
}
