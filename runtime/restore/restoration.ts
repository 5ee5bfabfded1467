import type { Restoration } from '../../nodes/api/restoration.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Engine } from '../engine/engine.ts'
import type { Database } from '../store/database.ts'

/** What a restore from a backup still holds, and the way to let go of it. */
export class RestoredRuns {
  readonly #database: Database
  readonly #engine: Engine
  readonly #resume: (id: string) => Promise<unknown>

  constructor(database: Database, engine: Engine, resume: (id: string) => Promise<unknown>) {
    this.#database = database
    this.#engine = engine
    this.#resume = resume
  }

  /** The latest restore; null where this store never was a backup. */
  async latest(): Promise<Restoration | null> {
    const row = this.#database
      .prepare('SELECT taken, restored, runs, messages FROM restoration ORDER BY number DESC LIMIT 1')
      .get() as { taken: number; restored: number; runs: number; messages: number } | undefined
    if (!row) return null
    const { taken, restored, runs, messages } = row
    const held = (await this.#engine.heldByRestore()).length
    return { taken: iso(taken), restored: iso(restored), runs, messages, held }
  }

  /** Lets every run that is held because of a restore go on. @returns how many */
  async resumeAll(): Promise<number> {
    const held = await this.#engine.heldByRestore()
    let resumed = 0
    for (const id of held) {
      // somebody else may have let it go on, or cancelled it, meanwhile
      if (await this.#resume(id).then(() => true, isConflict)) resumed++
    }
    return resumed
  }
}

/** @throws what it is given, unless it is a conflict */
function isConflict(error: unknown): false {
  if (error instanceof FlowError && error.code === ErrorCode.Conflict) return false
  throw error
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
