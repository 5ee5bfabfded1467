const RealDate = Date
const realSetImmediate = setImmediate
/** What Node makes of a longer time-out: one millisecond. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1
/** What happens outside of any process: the disk, the provider, people. */
export const OUTSIDE = 0

interface Happening {
  at: number
  order: number
  process: number
  run: () => void
}

/**
 * Time that passes from one happening to the next, and the only reason why anything happens. Whatever runs between two
 * happenings has come to rest before the next one: promises are worked off in between.
 */
export class SimulatedTime {
  /** Milliseconds that every clock but the one on the wall agrees about. */
  now = 0
  /** The process that is alive: timers and callbacks set now belong to it, and die with it. */
  process = 1
  happened = 0
  /** By how much the clock on the wall was put forward so far: a wait that follows it is shorter by that. */
  putForwardMs = 0
  /** What the clock on the wall showed at most before it was put somewhere else. */
  #highest = 0
  readonly #random: () => number
  #wall = RealDate.UTC(2026, 2, 1, 8)
  #next: Happening[] = []
  #order = 0
  #latestImmediate = 0
  /** A process that was stopped (SIGSTOP) goes on then; the world around it does not wait. */
  #stoppedUntil = 0

  constructor(random: () => number) {
    this.#random = random
  }

  get highestWall(): number {
    return Math.max(this.#highest, this.wall)
  }

  get wall(): number {
    return Math.floor(this.#wall + this.now)
  }

  /** Somebody puts the clock on the wall forward or back. */
  putClock(byMs: number): void {
    this.#highest = this.highestWall
    this.#wall += byMs
    this.putForwardMs += Math.max(0, byMs)
  }

  after(ms: number, process: number, run: () => void): Happening {
    const happening = { at: this.now + ms, order: this.#order++, process, run }
    this.#next.push(happening)
    return happening
  }

  forget(happening: Happening | undefined): void {
    const index = happening ? this.#next.indexOf(happening) : -1
    if (index >= 0) this.#next.splice(index, 1)
  }

  /** The process dies between two happenings; another number begins. */
  killProcess(): void {
    this.#next = this.#next.filter(({ process }) => process !== this.process)
    this.process++
    this.#stoppedUntil = 0
  }

  /** Stops the process, not the world. */
  stopProcess(ms: number): void {
    this.#stoppedUntil = Math.max(this.#stoppedUntil, this.now + ms)
  }

  /** @returns false where nothing is left to happen */
  async step(): Promise<boolean> {
    let first: Happening | undefined
    let firstAt = Infinity
    for (const each of this.#next) {
      const at = each.process === OUTSIDE ? each.at : Math.max(each.at, this.#stoppedUntil)
      if (at < firstAt || (at === firstAt && each.order < first!.order)) {
        first = each
        firstAt = at
      }
    }
    if (!first) return false
    this.forget(first)
    this.now = Math.max(this.now, firstAt)
    this.happened++
    first.run()
    await rest()
    return true
  }

  /** Puts this time in place of the real one. @returns the way back */
  install(): () => void {
    const real = { setTimeout, clearTimeout, setImmediate, clearImmediate, setInterval, clearInterval, Date }
    const realNow = Object.getOwnPropertyDescriptor(performance, 'now')
    const realRandom = Math.random
    const wall = () => this.wall
    class SimulatedDate extends RealDate {
      constructor(...given: unknown[]) {
        super(...((given.length === 0 ? [wall()] : given) as [number]))
      }
      static override now = wall
    }
    const clear = (timer?: unknown) => this.forget(timer as Happening | undefined)
    Object.assign(globalThis, {
      Date: SimulatedDate,
      setTimeout: (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
        this.#timer(timeout(ms), () => run(...given)),
      setInterval: () => {
        throw new Error('The simulation knows no intervals yet')
      },
      setImmediate: (run: (...given: unknown[]) => void, ...given: unknown[]) => {
        // A turn of a busy event loop takes its time; turns keep their order.
        this.#latestImmediate = Math.max(this.#latestImmediate, this.now + this.#random())
        return this.#timer(this.#latestImmediate - this.now, () => run(...given))
      },
      clearTimeout: clear,
      clearImmediate: clear,
      clearInterval: clear,
    })
    performance.now = () => this.now
    Math.random = this.#random
    return () => {
      Object.assign(globalThis, real)
      Math.random = realRandom
      if (realNow) Object.defineProperty(performance, 'now', realNow)
      else Reflect.deleteProperty(performance, 'now')
    }
  }

  #timer(ms: number, run: () => void) {
    const timer = Object.assign(this.after(ms, this.process, run), {
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
    }) as unknown as NodeJS.Timeout
    return timer
  }
}

/** Answers when every promise that can go on has gone on. */
export function rest(): Promise<void> {
  return new Promise((resolve) => realSetImmediate(resolve))
}

function timeout(ms = 1): number {
  return ms >= 1 && ms <= LONGEST_TIMEOUT_MS ? ms : 1
}
