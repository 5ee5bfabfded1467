import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Gate } from '../../../../runtime/engine/gate.ts'
import type { Waiting } from '../../../../runtime/engine/gate.ts'
import { Pace } from '../../../../runtime/engine/policy/pace.ts'
import { Timers } from '../../../../runtime/engine/timers.ts'

const START = Date.UTC(2026, 2, 1, 8)

/** So many messages that wait for a gate; notes when each left, and ends each request after `requestMs`. */
class Messages implements Waiting {
  readonly left: number[] = []
  readonly #gate: Gate
  readonly #requestMs: number
  #waiting: number

  constructor(gate: Gate, count: number, requestMs: number) {
    this.#gate = gate
    this.#waiting = count
    this.#requestMs = requestMs
    gate.enter(this)
  }
  get isEmpty() {
    return this.#waiting === 0
  }
  start(): boolean {
    this.#waiting--
    this.left.push(Date.now() - START)
    this.#gate.take(1)
    setTimeout(() => this.#gate.release(), this.#requestMs)
    return true
  }
}

describe('the pace of a service', () => {
  beforeEach(() => void vi.useFakeTimers({ now: START }))
  afterEach(() => void vi.useRealTimers())
  const openGate = (pace: Pace, limit = 64) => {
    const gate = new Gate(0, new Timers(() => Date.now()))
    gate.set(limit, pace)
    return gate
  }

  it('lets messages leave evenly, however many senders want to', async () => {
    const gate = openGate(new Pace(4, 1))
    const senders = [1, 2, 3].map(() => new Messages(gate, 4, 30))
    await vi.advanceTimersByTimeAsync(10_000)
    const left = senders.flatMap((sender) => sender.left).sort((a, b) => a - b)
    expect(left).toEqual(Array.from({ length: 12 }, (_, index) => index * 250))
  })

  it('lets a burst out at once and no more than the rate after it', async () => {
    const gate = openGate(new Pace(10, 5))
    const sender = new Messages(gate, 12, 1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(sender.left).toEqual([0, 0, 0, 0, 0, 100, 200, 300, 400, 500, 600, 700])
  })

  it('knows rates below one a second', async () => {
    const gate = openGate(new Pace(0.5, 1))
    const sender = new Messages(gate, 3, 1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sender.left).toEqual([0, 2_000, 4_000])
  })

  it('takes turns between those who wait', async () => {
    const gate = openGate(new Pace(10, 1))
    const many = new Messages(gate, 1_000, 1)
    await vi.advanceTimersByTimeAsync(1_000)
    const single = new Messages(gate, 1, 1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(single.left[0]).toBeLessThanOrEqual(1_200)
    expect(many.left.length).toBeGreaterThan(15)
  })

  it('goes on behind a restart where it was, without a burst', () => {
    const before = new Pace(2, 3)
    before.take(START, 3)
    const after = new Pace(2, 3, before.dueAt)
    expect(after.available(START)).toBe(0)
    expect(after.nextAt(START) - START).toBe(500)
    expect(after.available(START + 500)).toBe(1)
    expect(after.available(START + 60_000)).toBe(3)
  })

  it('does not wait for a clock that was set back to catch up', () => {
    const pace = new Pace(1, 2)
    pace.take(START, 2)
    const yesterday = START - 86_400_000
    expect(pace.nextAt(yesterday) - yesterday).toBeLessThanOrEqual(2_000)
    expect(pace.available(yesterday + 2_000)).toBeGreaterThanOrEqual(1)
  })

  it('never lets out more than the rate in any second, whatever the request times', async () => {
    const gate = openGate(new Pace(7, 2), 3)
    const senders = [5, 90, 400].map((requestMs) => new Messages(gate, 20, requestMs))
    await vi.advanceTimersByTimeAsync(60_000)
    const left = senders.flatMap((sender) => sender.left).sort((a, b) => a - b)
    expect(left).toHaveLength(60)
    for (const [index, time] of left.entries()) {
      const within = left.slice(index).filter((other) => other - time < 1_000).length
      expect(within).toBeLessThanOrEqual(7 + 2)
    }
  })
})
