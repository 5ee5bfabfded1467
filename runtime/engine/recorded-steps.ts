import type { StepRecord } from '../ledger/ledger.ts'

/** The steps of a run that the ledger has: what a resumed run passes by instead of executing it again. */
export class RecordedSteps {
  readonly #steps = new Map<string, StepRecord>()
  /** Finished steps by the step whose body they stand in, in the order in which they ended. */
  #inside: Map<string, StepRecord[]> | undefined

  constructor(steps: readonly StepRecord[]) {
    for (const step of steps) this.#steps.set(step.path, step)
  }

  /** In the order in which they ended. */
  finished(): StepRecord[] {
    return [...this.#steps.values()].filter(({ status }) => status !== 'running')
  }

  at(path: string): StepRecord | undefined {
    return this.#steps.get(path)
  }

  /** The steps right inside a finished one whose variables and results remain visible after it. */
  keptOf({ path, keeps }: StepRecord): StepRecord[] {
    if (!keeps) return []
    this.#inside ??= Map.groupBy(this.finished(), (step) => containerOf(step.path))
    const inside = this.#inside.get(path) ?? []
    if (keeps === 'all') return inside
    return keeps.flatMap((at) => inside.filter((step) => step.path.startsWith(`${path}:${at}/`)))
  }
}

/** `loop-1:3/send` stands inside `loop-1`. */
function containerOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(':', path.lastIndexOf('/'))))
}

/** `loop-1:3/send` stands in the body `loop-1:3/`. */
export function bodyOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
