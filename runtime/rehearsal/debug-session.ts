import type { Run } from '../../nodes/api/runs.ts'
import type { DebugCommand, DebugEvent, DebugPause, TryItData } from '../../nodes/api/try-it.ts'
import type { CompiledNode } from '../engine/compile-graph.ts'
import type { Frame } from '../engine/frame.ts'
import type { LiveRun } from '../engine/live-run.ts'
import type { Onlooker, StandIn } from '../engine/onlooker.ts'
import { Breath } from './breath.ts'
import { describePause } from './describe-pause.ts'
import { pinnedNodes } from './stand-ins.ts'
import type { Definitions } from './stand-ins.ts'

export interface DebugSessionOptions {
  pauseAtStart: boolean
  /** Pinned outputs stand in for their nodes. */
  usesPins: boolean
  /** Read anew at each step, so that breakpoints can be set while the run stands. */
  dataOf: (functionName: string) => TryItData
  definitions: Definitions
  /** Told of errors that nobody foresaw. */
  unforeseen: (error: unknown) => void
  /** Called once, when nothing more will happen. */
  ended: () => void
}

/** What a session looks on at. */
export interface DebuggedRun {
  /** Called when somebody looks on; a run that has begun already stands before its first step until then. */
  toTheEnd: () => Promise<Run>
  /** Nothing more begins, also where the run has left the memory. */
  cancel: () => void
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
  readonly #begun = Promise.withResolvers<undefined>()
  /** The run and what it calls, by id, as far as they are under way. */
  readonly #runs = new Map<string, LiveRun>()
  /** The outermost run; another object goes on with it when it comes back to the memory. */
  #root!: LiveRun
  #debugged!: DebuggedRun
  #pause: Pause | null = null
  /** Stops before the next step that at most so many functions called; `null`: only at breakpoints. */
  #stopsFrom: number | null
  #state: 'waiting' | 'walking' | 'stopped' | 'over' = 'waiting'

  constructor(options: DebugSessionOptions) {
    this.#options = options
    this.#stopsFrom = options.pauseAtStart ? 0 : null
  }

  /**
   * What it looks on at; the walk begins when somebody watches.
   * @param run as it stands before anything happened; absent where it has reached its first step already
   */
  load(debugged: DebuggedRun, run?: LiveRun): void {
    this.#debugged = debugged
    if (run) this.#see(run)
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  /** Calls back with the run as it stands, then with every change. @returns the way to be told no more */
  watch(listener: (event: DebugEvent) => void): () => void {
    listener({ type: 'snapshot', run: this.#root.describe(), pause: this.#pause?.shown ?? null })
    this.#listeners.add(listener)
    if (this.#state === 'waiting') {
      this.#state = 'walking'
      this.#begun.resolve(undefined)
      void this.#walk()
    }
    return () => this.#listeners.delete(listener)
  }

  perform({ do: what }: DebugCommand): void {
    if (what === 'stop') return this.stop()
    if (!this.#pause) return
    const { depth } = this.#pause
    this.#stopsFrom = { 'step-over': depth, 'step-into': Infinity, 'step-out': depth - 1, continue: null }[
      what
    ]
    this.#leavePause()
  }

  stop(): void {
    if (this.#state === 'over' || this.#state === 'stopped') return
    const hadBegun = this.#state === 'walking'
    this.#state = 'stopped'
    for (const run of this.#runs.values()) run.cancel()
    this.#debugged.cancel()
    this.#begun.resolve(undefined)
    this.#leavePause()
    if (!hadBegun) this.#end()
  }

  async reach(node: CompiledNode, path: string, frame: Frame, run: LiveRun): Promise<StandIn | undefined> {
    this.#see(run)
    await this.#begun.promise
    await this.#breath.taken()
    // In parallel branches another one may stand: nobody goes on meanwhile.
    while (this.#pause) await this.#pause.over
    if (this.#state === 'stopped') run.cancel()
    else if (this.#state === 'walking' && this.#isStop(node, run)) await this.#stand(path, frame, run)
    return this.#options.usesPins ? this.#pinned(run).get(node.id) : undefined
  }

  #see(run: LiveRun): void {
    if (this.#runs.get(run.row.id) === run) return
    for (const [id, { finished }] of this.#runs) if (finished !== null) this.#runs.delete(id)
    this.#runs.set(run.row.id, run)
    if (run.row.caller) return
    this.#root = run
    run.listeners.add((event) => {
      if (event.type === 'step') this.#tell(event)
    })
  }

  #isStop({ id }: CompiledNode, run: LiveRun): boolean {
    if (this.#stopsFrom !== null && depthOf(run) <= this.#stopsFrom) return true
    return this.#options.dataOf(run.row.functionName).breakpoints.includes(id)
  }

  async #stand(path: string, frame: Frame, run: LiveRun): Promise<void> {
    const { promise: over, resolve: goOn } = Promise.withResolvers<undefined>()
    const shown = describePause(path, frame, run, this.#runs)
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
      const run = await this.#debugged.toTheEnd()
      this.#tell({ type: 'finished', run })
    } catch (error) {
      this.#options.unforeseen(error)
    } finally {
      this.#end()
    }
  }

  /** What the run called without waiting for it goes on, and stops nowhere. */
  #end(): void {
    if (this.#state === 'over') return
    if (this.#state === 'walking') this.#state = 'over'
    this.#leavePause()
    this.#options.ended()
  }

  #tell(event: DebugEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

function depthOf({ row }: LiveRun): number {
  return row.caller?.depth ?? 0
}
