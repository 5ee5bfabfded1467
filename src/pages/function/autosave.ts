/**
 * Where the open graph stands.
 * - `saved`: the server has it · `pending`: changed, waiting a moment · `saving`: on its way
 * - `conflict`: somebody else saved meanwhile, nothing more is sent until a person decides
 * - `failed`: the server did not answer; tried again by itself
 */
export type SaveState = 'saved' | 'pending' | 'saving' | 'conflict' | 'failed'

export interface AutosaveOptions {
  /** Keeps the document as it is at the moment of the call. */
  keep(): Promise<void>
  isConflict(error: unknown): boolean
  onState(state: SaveState, error?: unknown): void
  /** Quiet time after the last change. */
  delayMs?: number
  /** Pause before a failed attempt is repeated. */
  retryMs?: number
}

export interface Autosave {
  readonly state: SaveState
  /** Notes that the document changed. */
  changed(): void
  /** Keeps everything up to now. @returns false where it could not be kept */
  flush(): Promise<boolean>
  /** The server has the document as it is: it was loaded, or a conflict was settled. */
  settle(): void
  /** Something else than a save was refused because somebody else saved meanwhile. */
  conflict(): void
  stop(): void
}

/** Keeps a document shortly after each change: one request at a time, never an older state after a newer one. */
export function createAutosave(options: AutosaveOptions): Autosave {
  const { keep, isConflict, onState, delayMs = 800, retryMs = 5_000 } = options
  let state: SaveState = 'saved'
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | undefined
  /** True where the document changed after the request under way was made. */
  let changedSince = false

  function enter(next: SaveState, error?: unknown) {
    state = next
    onState(next, error)
  }

  function schedule(afterMs: number) {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), afterMs)
  }

  async function attempt(): Promise<boolean> {
    do {
      changedSince = false
      enter('saving')
      try {
        await keep()
      } catch (error) {
        if (isConflict(error)) enter('conflict', error)
        else {
          enter('failed', error)
          schedule(retryMs)
        }
        return false
      }
    } while (changedSince)
    // a reload may have settled the state while the request was under way
    if (state === 'saving') enter('saved')
    return true
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer)
    if (running) return running
    if (state === 'conflict') return Promise.resolve(false)
    if (state === 'saved') return Promise.resolve(true)
    running = attempt().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    get state() {
      return state
    },
    changed() {
      if (state === 'conflict') return
      if (running) {
        changedSince = true
        return
      }
      enter('pending')
      schedule(delayMs)
    },
    flush,
    settle() {
      clearTimeout(timer)
      changedSince = false
      enter('saved')
    },
    conflict() {
      clearTimeout(timer)
      enter('conflict')
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
