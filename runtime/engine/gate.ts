import type { Pace } from './policy/pace.ts'
import type { Timers } from './timers.ts'

/** What waits for slots: the messages that one step has for one service. */
export interface Waiting {
  /**
   * Starts one request of `most` messages at most, for which it calls `take`.
   * @returns false where none was started: then it left the round, and may enter again
   */
  start(most: number): boolean
  readonly isEmpty: boolean
  /** Since when the first of its messages waits, milliseconds since 1970. */
  readonly since?: number | undefined
}

/**
 * Concurrency slots and pace of one SMS service. A slot is taken before the message is marked `dispatching`, so that a
 * crash leaves no more messages unknown than were really on the wire. Whoever waits gets one slot each in turn: a step
 * with thousands of messages does not keep another run's single one waiting.
 */
export class Gate {
  /** How fast messages may leave; without one, as fast as slots come free. */
  pace: Pace | undefined
  #limit: number
  #held = 0
  #closed = false
  readonly #timers: Timers
  readonly #waiting: Waiting[] = []
  #cancelAlarm: (() => void) | undefined

  constructor(limit: number, timers: Timers) {
    this.#limit = limit
    this.#timers = timers
  }

  get held(): number {
    return this.#held
  }

  get isWaitedFor(): boolean {
    return this.#waiting.length > 0
  }

  /** Since when what has waited longest waits. */
  get waitingSince(): number | undefined {
    const times = this.#waiting.flatMap(({ since }) => (since === undefined ? [] : [since]))
    return times.length === 0 ? undefined : Math.min(...times)
  }

  set(limit: number, pace: Pace | undefined): void {
    this.#limit = limit
    this.pace = pace
    this.admit()
  }

  /** Takes a slot if one is free, nobody waits for it, and nobody has to be paced. */
  tryTake(): boolean {
    if (this.#closed || this.pace || this.#held >= this.#limit || this.#waiting.length > 0) return false
    this.#held++
    return true
  }

  /** Puts something into the round that has messages to send. It leaves the round when it is empty. */
  enter(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.admit()
  }

  release(): void {
    this.#held--
    this.admit()
  }

  /** No slot is given out any more; those held stay held until released. */
  close(): void {
    this.#closed = true
    this.#cancelAlarm?.()
  }

  /** Gives free slots to those who wait, in turn, as far as the pace allows. */
  admit(): void {
    while (!this.#closed && this.#held < this.#limit && this.#waiting.length > 0) {
      const most = this.#paced()
      if (most < 1) return
      const waiting = this.#waiting.shift()!
      if (waiting.start(most) && !waiting.isEmpty) this.#waiting.push(waiting)
    }
  }

  /** One slot for a request of so many messages. */
  take(messages: number): void {
    this.#held++
    this.pace?.take(this.#timers.now(), messages)
  }

  /** How many messages may leave now; where none may, an alarm is set for the moment at which one may. */
  #paced(): number {
    if (!this.pace) return Infinity
    const now = this.#timers.now()
    const most = this.pace.available(now)
    this.#cancelAlarm?.()
    this.#cancelAlarm = undefined
    if (most < 1) {
      this.#cancelAlarm = this.#timers.at(Math.ceil(this.pace.nextAt(now)), () => this.admit())
    }
    return most
  }
}
