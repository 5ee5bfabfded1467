import type { DebugCommand, DebugEvent, DebugPause, TryItData } from '../../nodes/api/try-it.ts'
import type { CompiledNode } from '../engine/compile-graph.ts'
import type { Frame } from '../engine/frame.ts'
import type { LiveRun } from '../engine/live-run.ts'
import type { Onlooker, StandIn } from '../engine/onlooker.ts'
import { Breath } from './breath.ts'
import { describePause } from './describe-pause.ts'
import type { Rehearsal } from './rehearsal.ts'
import { pinnedNodes } from './stand-ins.ts'
import type { Definitions } from './stand-ins.ts'

export interface DebugSessionOptions {
  pauseAtStart: boolean
  /** Read anew at each step, so that breakpoints can be set while the run stands. */
  dataOf: (functionName: string) => TryItData
  definitions: Definitions
  /** Told of errors that nobody foresaw. */
  unforeseen: (error: unknown) => void
  /** Called once, when nothing more will happen. */
  ended: () => void
}

interface Pause {
  shown: DebugPause
  depth: number
  goOn: () => void
  over: Promise<undefined>
}

/** One debug run: walks as it is told to, one place at a time, and tells those who look on. */
export class DebugSession implements Onlooker {
  readonly #options: DebugSessionOptions
  readonly #listeners = new Set<(event: DebugEvent) => void>()
  readonly #breath = new Breath()
  readonly #pins = new WeakMap<LiveRun, ReadonlyMap<string, StandIn>>()
  #rehearsal!: Rehearsal
  #run!: LiveRun
  #pause: Pause | null = null
  /** Stops before the next step that at most so many functions called; `null`: only at breakpoints. */
  #stopsFrom: number | null
  #state: 'waiting' | 'walking' | 'over' = 'waiting'

  constructor(options: DebugSessionOptions) {
    this.#options = options
    this.#stopsFrom = options.pauseAtStart ? 0 : null
  }

  /** What it walks; the walk begins when somebody looks on. */
  load(rehearsal: Rehearsal, run: LiveRun): void {
    this.#rehearsal = rehearsal
    this.#run = run
    run.listeners.add((event) => {
      if (event.type === 'step') this.#tell(event)
    })
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  /** Calls back with the run as it stands, then with every change. @returns the way to be told no more */
  watch(listener: (event: DebugEvent) => void): () => void {
    listener({ type: 'snapshot', run: this.#run.describe(), pause: this.#pause?.shown ?? null })
    this.#listeners.add(listener)
    if (this.#state === 'waiting') {
      this.#state = 'walking'
      void this.#walk()
    }
    return () => this.#listeners.delete(listener)
  }

  perform({ do: what }: DebugCommand): void {
    if (what === 'stop') return this.stop()
    if (!this.#pause) return
    this.#stopsFrom = what === 'step-over' ? this.#pause.depth : null
    this.#leavePause()
  }

  stop(): void {
    this.#stopsFrom = null
    this.#rehearsal.cancel()
    this.#leavePause()
    if (this.#state === 'waiting') this.#end()
  }

  async reach(node: CompiledNode, path: string, frame: Frame, run: LiveRun): Promise<StandIn | undefined> {
    await this.#breath.taken()
    // In parallel branches another one may stand: nobody goes on meanwhile.
    while (this.#pause) await this.#pause.over
    if (!this.#run.cancelRequested && this.#isStop(node, run)) await this.#stand(path, frame, run)
    return this.#pinned(run).get(node.id)
  }

  #isStop({ id }: CompiledNode, run: LiveRun): boolean {
    if (this.#stopsFrom !== null && depthOf(run) <= this.#stopsFrom) return true
    return this.#options.dataOf(run.row.functionName).breakpoints.includes(id)
  }

  async #stand(path: string, frame: Frame, run: LiveRun): Promise<void> {
    const { promise: over, resolve: goOn } = Promise.withResolvers<undefined>()
    const shown = describePause(path, frame, run, this.#rehearsal)
    this.#pause = { shown, depth: depthOf(run), goOn: () => goOn(undefined), over }
    this.#tell({ type: 'paused', pause: shown })
    await over
  }

  #leavePause(): void {
    const pause = this.#pause
    if (!pause) return
    this.#pause = null
    this.#tell({ type: 'resumed' })
    pause.goOn()
  }

  #pinned(run: LiveRun): ReadonlyMap<string, StandIn> {
    let pinned = this.#pins.get(run)
    if (!pinned) {
      const { graph } = run.compiled
      pinned = pinnedNodes(graph, this.#options.dataOf(graph.name).pins, this.#options.definitions)
      this.#pins.set(run, pinned)
    }
    return pinned
  }

  async #walk(): Promise<void> {
    try {
      const run = await this.#rehearsal.walk(this.#run)
      this.#tell({ type: 'finished', run })
    } catch (error) {
      this.#options.unforeseen(error)
    } finally {
      this.#end()
    }
  }

  #end(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#options.ended()
  }

  #tell(event: DebugEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

function depthOf({ row }: LiveRun): number {
  return row.caller?.depth ?? 0
}
