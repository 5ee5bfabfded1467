import type { RunEvent } from '../../nodes/api/runs.ts'
import type { Crashes, Suspect } from '../ledger/crashes.ts'
import type { OpenRun } from '../ledger/ledger.ts'
import { isStoreAway } from './durable-writer.ts'
import type { Timers } from './timers.ts'

/** How long a suspect is alone at the first trial; four times as long with each further crash. */
const TRIAL_MS = 100
const LONGEST_TRIAL_MS = 10_000
/** All trials of a start together: where there are many suspects, each gets less. */
const ALL_TRIALS_MS = 20_000

export type RunListener = (event: RunEvent) => void

/**
 * Finds out which run made the process die, so that it does so twice at most.
 *
 * A crash says nothing of its cause, and most of the runs that were under way only happened to be there. Those that
 * waited, for a service, a receipt or a moment, cannot have caused it. Those that were executing a step are suspects:
 * after the crash they go on one after the other, before anything else does. The trial of each lasts until it hands
 * messages to a service, ends, or its time is up, and each step that a suspect begins is written down first. Where the
 * process dies again while the one on trial executes a step, and no other suspect does, it was this one: the next
 * start puts it in quarantine. Otherwise nobody is blamed, and the next trials take longer.
 */
export class Trials {
  readonly #crashes: Crashes
  readonly #timers: Timers
  readonly #goOn: (open: OpenRun, listener: RunListener) => Promise<unknown>
  /** Suspects that execute a step, as it is written down; undefined when all trials are over. */
  #executing: Set<string> | undefined

  /** @param goOn brings a run under way that tells the listener of everything from its first step on */
  constructor(options: {
    crashes: Crashes
    timers: Timers
    goOn: (open: OpenRun, listener: RunListener) => Promise<unknown>
  }) {
    this.#crashes = options.crashes
    this.#timers = options.timers
    this.#goOn = options.goOn
  }

  /** Lets all suspects go on. Answers when nobody is on trial any more. */
  async hold(suspects: readonly Suspect[], open: ReadonlyMap<string, OpenRun>): Promise<void> {
    if (suspects.length === 0) return
    this.#executing = new Set()
    // Newest first, since a run that breaks the process does so early. Whoever is first is alone for certain: after
    // each further crash it is somebody else.
    const first = (Math.max(...suspects.map(({ crashes }) => crashes)) - 1) % suspects.length
    const newestFirst = suspects.toReversed()
    const longest = Math.min(LONGEST_TRIAL_MS, ALL_TRIALS_MS / suspects.length)
    for (const { runId, crashes } of [...newestFirst.slice(first), ...newestFirst.slice(0, first)]) {
      await this.#try(open.get(runId)!, Math.min(TRIAL_MS * 4 ** (crashes - 1), longest))
    }
    this.#executing = undefined
    await ignoreFullStore(this.#crashes.endTrials())
  }

  async #try(open: OpenRun, limitMs: number): Promise<void> {
    const { id } = open.run
    let over!: (left: Promise<void>) => void
    const isOver = new Promise<void>((resolve) => (over = resolve))
    await this.#goOn(open, (event) => {
      if (event.type !== 'step') over(this.#leave(id))
      else if (event.step.status === 'running') this.#enter(id, event.step.nodeId)
    })
    await Promise.race([isOver, this.#timers.sleep(limitMs)])
    if (this.#executing!.has(id)) await ignoreFullStore(this.#crashes.timeIsUp(id))
  }

  #enter(runId: string, step: string): void {
    if (!this.#executing) return
    this.#executing.add(runId)
    try {
      this.#crashes.enter(runId, step)
    } catch {
      // Where the store is full for a moment, the run goes on without a note of it.
    }
  }

  async #leave(runId: string): Promise<void> {
    if (this.#executing?.delete(runId)) await ignoreFullStore(this.#crashes.leave(runId))
  }
}

/** Without these notes at most a crash more is needed to find out. */
async function ignoreFullStore(written: Promise<void>): Promise<void> {
  await written.catch((error: unknown) => {
    if (!isStoreAway(error)) throw error
  })
}
