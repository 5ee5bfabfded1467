import type { Run, RunOutcome } from '../../nodes/api/runs.ts'
import type { RunHandle } from '../runtime.ts'

/** A run that has ended. To describe it costs something, so it is done only where somebody asks. */
export interface EndedRun {
  describe(): Run
  describeOutcome(): RunOutcome
}

/** What starts a run is given. Its end costs something only where it is asked for. */
export class StartedRun implements RunHandle {
  readonly id: string
  readonly repeated: boolean
  readonly #endOf: (id: string) => Promise<EndedRun>

  constructor(id: string, repeated: boolean, endOf: (id: string) => Promise<EndedRun>) {
    this.id = id
    this.repeated = repeated
    this.#endOf = endOf
  }

  get finished(): Promise<Run> {
    return this.#endOf(this.id).then((run) => run.describe())
  }

  get outcome(): Promise<RunOutcome> {
    return this.#endOf(this.id).then((run) => run.describeOutcome())
  }
}
