import type { DebugEvent } from '../../nodes/api/try-it.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { DebugSession } from './debug-session.ts'

export interface DebugLimits {
  /** Debug runs at the same time. */
  most: number
  /** How long one goes on that nobody looks at, in milliseconds: a page may lose its connection for a moment. */
  aloneMs: number
  /** How long one goes on at all, in milliseconds. */
  wholeMs: number
}
const usual: DebugLimits = { most: 20, aloneMs: 10_000, wholeMs: 30 * 60_000 }

interface Held {
  session: DebugSession
  alone: NodeJS.Timeout | undefined
  whole: NodeJS.Timeout
}

/** The debug runs under way. They live in memory and end with the server. */
export class DebugSessions {
  readonly #limits: DebugLimits
  readonly #held = new Map<string, Held>()

  constructor(limits: Partial<DebugLimits> = {}) {
    this.#limits = { ...usual, ...limits }
  }

  /** @throws FlowError `OVERLOADED` */
  expectRoom(): void {
    if (this.#held.size < this.#limits.most) return
    throw new FlowError(ErrorCode.Overloaded, `${this.#limits.most} debug runs are under way already`, {
      hint: 'End one of them, then try again.',
    })
  }

  /** Takes a session in, until it ends or nobody looks at it any more. */
  add(id: string, session: DebugSession): void {
    const whole = setTimeout(() => session.stop(), this.#limits.wholeMs).unref()
    this.#held.set(id, { session, alone: this.#stopSoon(session), whole })
  }

  remove(id: string): void {
    const held = this.#held.get(id)
    clearTimeout(held?.alone)
    clearTimeout(held?.whole)
    this.#held.delete(id)
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): DebugSession {
    return this.#get(id).session
  }

  /** @throws FlowError `NOT_FOUND` */
  watch(id: string, listener: (event: DebugEvent) => void): () => void {
    const held = this.#get(id)
    clearTimeout(held.alone)
    const stop = held.session.watch(listener)
    return () => {
      stop()
      if (!held.session.hasListeners && this.#held.has(id)) held.alone = this.#stopSoon(held.session)
    }
  }

  stopAll(): void {
    for (const { session } of this.#held.values()) session.stop()
  }

  #stopSoon(session: DebugSession): NodeJS.Timeout {
    return setTimeout(() => session.stop(), this.#limits.aloneMs).unref()
  }

  #get(id: string): Held {
    const held = this.#held.get(id)
    if (held) return held
    throw new FlowError(ErrorCode.NotFound, 'The debug run is over', {
      hint: 'Start another one on the page of the function.',
    })
  }
}
