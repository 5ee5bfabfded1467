/** Long waits are looked at again this often, so that a changed clock moves them too. */
const LONGEST_ARM_MS = 30_000

/** The engine's clock and alarms. All of them end with the engine: whoever waits then goes on at the next start. */
export class Timers {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly #armed = new Set<NodeJS.Timeout>()
  #stopped = false

  constructor(now: () => number) {
    this.now = now
  }

  /**
   * Calls back once the clock has reached `time`, and early where the clock was put back: whoever waits then decides
   * anew. @returns the way to stop it
   */
  at(time: number, callback: () => void): () => void {
    if (this.#stopped) return () => undefined
    const began = this.now()
    let timer: NodeJS.Timeout
    const arm = () => {
      timer = setTimeout(ring, Math.min(Math.max(time - this.now(), 0), LONGEST_ARM_MS))
      this.#armed.add(timer)
    }
    const ring = () => {
      this.#armed.delete(timer)
      const now = this.now()
      if (now >= time || now < began) callback()
      else arm()
    }
    arm()
    return () => {
      clearTimeout(timer)
      this.#armed.delete(timer)
    }
  }

  /** Never answers once stopped. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopped) return
      const timer = setTimeout(() => {
        this.#armed.delete(timer)
        resolve()
      }, milliseconds)
      this.#armed.add(timer)
    })
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#armed) clearTimeout(timer)
    this.#armed.clear()
  }
}
