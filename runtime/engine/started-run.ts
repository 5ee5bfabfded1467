import type { Run } from '../../nodes/api/runs.ts'
import type { RunHandle } from '../runtime.ts'

/** What starts a run is given. Its end costs something only where it is asked for. */
export class StartedRun implements RunHandle {
  readonly id: string
  readonly repeated: boolean
  readonly #endOf: (id: string) => Promise<Run>

  constructor(id: string, repeated: boolean, endOf: (id: string) => Promise<Run>) {
    this.id = id
    this.repeated = repeated
    this.#endOf = endOf
  }

  get finished(): Promise<Run> {
    return this.#endOf(this.id)
  }
}
