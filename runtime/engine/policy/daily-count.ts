import { dayIn } from './local-time.ts'

/** What a service has used up of one day. */
export interface DayUsage {
  /** `2026-03-01`, in the service's time zone. */
  day: string
  messages: number
  segments: number
}

export interface DailyCaps {
  timeZone: string
  messages: number
  segments: number
}

/**
 * Counts a day's messages and segments up to a hard stop. A message is counted before it leaves, and no longer once it
 * was certainly not taken.
 */
export class DailyCount {
  #usage: DayUsage

  constructor(usage: DayUsage = { day: '', messages: 0, segments: 0 }) {
    this.#usage = usage
  }

  usage(now: number, timeZone: string): DayUsage {
    const day = dayIn(timeZone, now)
    // A clock that was set back over midnight does not open the earlier day anew.
    if (day > this.#usage.day) this.#usage = { day, messages: 0, segments: 0 }
    return this.#usage
  }

  /** Counts one message if there is room. @returns the day it counts for; `undefined`: the cap is reached */
  take(now: number, segments: number, caps: DailyCaps): string | undefined {
    const usage = this.usage(now, caps.timeZone)
    if (usage.messages + 1 > caps.messages || usage.segments + segments > caps.segments) return undefined
    usage.messages++
    usage.segments += segments
    return usage.day
  }

  /** Undoes `take` for a message that was certainly not taken by the provider. */
  giveBack(day: string, segments: number): void {
    if (day !== this.#usage.day) return
    this.#usage.messages--
    this.#usage.segments -= segments
  }

  get current(): DayUsage {
    return this.#usage
  }
}
