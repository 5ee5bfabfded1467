import { MOST_SAMPLES } from '../../nodes/api/try-it.ts'
import type { ChangeTryItData, TryItData } from '../../nodes/api/try-it.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { FunctionStore } from './functions.ts'

/** Characters of JSON that are kept beside one function. */
const MOST_CHARACTERS = 2 * 1024 * 1024

const nothing: TryItData = { samples: {}, pins: {}, breakpoints: [] }

/** Sample inputs, pinned outputs and breakpoints of each function. Only dry runs, debug runs and the page read them. */
export class TryItStore {
  readonly #functions: FunctionStore
  readonly #read: ReturnType<Database['prepare']>
  readonly #write: ReturnType<Database['prepare']>
  /** Debug runs ask at each step, mostly for the same function. */
  #latest: { content: string; data: TryItData } | undefined

  constructor(database: Database, functions: FunctionStore) {
    this.#functions = functions
    this.#read = database.prepare('SELECT content FROM function_try_it WHERE function = ?')
    this.#write = database.prepare('INSERT OR REPLACE INTO function_try_it (function, content) VALUES (?, ?)')
  }

  /** @throws FlowError `NOT_FOUND` */
  get(functionName: string): TryItData {
    this.#functions.draft(functionName)
    return this.find(functionName)
  }

  /** Of a function that may be gone by now: then nothing. */
  find(functionName: string): TryItData {
    const row = this.#read.get(functionName) as { content: string } | undefined
    if (!row) return nothing
    if (this.#latest?.content !== row.content) {
      this.#latest = { content: row.content, data: JSON.parse(row.content) as TryItData }
    }
    return this.#latest.data
  }

  /** Changes single entries: what somebody else changed meanwhile stays. @throws FlowError `NOT_FOUND`, `BODY_TOO_LARGE` */
  change(functionName: string, { samples, pins, breakpoints = {} }: ChangeTryItData): TryItData {
    const before = this.get(functionName)
    const stops = new Set(before.breakpoints)
    for (const [node, isSet] of Object.entries(breakpoints)) stops[isSet ? 'add' : 'delete'](node)
    const data: TryItData = {
      samples: changed(before.samples, samples),
      pins: changed(before.pins, pins),
      breakpoints: [...stops],
    }
    const content = JSON.stringify(data)
    if (content.length > MOST_CHARACTERS || Object.keys(data.samples).length > MOST_SAMPLES) throw tooMuch()
    this.#write.run(functionName, content)
    return data
  }
}

function changed<T>(before: Record<string, T>, changes: Record<string, T | null> = {}): Record<string, T> {
  const all = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) all.delete(name)
    else all.set(name, value)
  }
  return Object.fromEntries(all)
}

function tooMuch(): FlowError {
  const limit = MOST_CHARACTERS
  return new FlowError(ErrorCode.BodyTooLarge, 'There is no room for further samples of this function', {
    hint: `Remove sample inputs or pinned outputs: ${MOST_SAMPLES} sets of inputs and ${limit} characters fit.`,
    params: { limit },
  })
}
