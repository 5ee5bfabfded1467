import { isSingle } from '../../nodes/execution.ts'
import type { Assignment } from '../../nodes/execution.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { Moment } from './step-context.ts'

type Names = Record<string, Json>

/** Where a part of a run walks: the whole function, or the body of a loop or branch. */
export class Frame implements Moment {
  /** What step paths in here begin with: `''`, or for example `loop-1:3/`. */
  readonly path: string
  /** Inputs, variables, and results of finished steps below `nodes`. */
  readonly names: Names
  readonly #results: Names
  readonly #clock: () => number

  constructor(path: string, names: Names, results: Names, clock: () => number) {
    this.path = path
    this.names = names
    this.#results = results
    this.#clock = clock
  }

  /** The frame of a whole run. */
  static root(input: JsonObject, clock: () => number): Frame {
    const results = Object.create(null) as Names
    const names = Object.assign(Object.create(null), input, { nodes: results }) as Names
    return new Frame('', names, results, clock)
  }

  now(): Date {
    return new Date(this.#clock())
  }

  /**
   * A frame within this one.
   * @param own with names of its own, which begin as these and do not come back by themselves; otherwise both share them
   */
  inner(path: string, own: boolean): Frame {
    if (!own) return new Frame(path, this.names, this.#results, this.#clock)
    const results = Object.assign(Object.create(null), this.#results) as Names
    const names = Object.assign(Object.create(null), this.names, { nodes: results }) as Names
    return new Frame(path, names, results, this.#clock)
  }

  /** Takes over, one after the other, what frames with names of their own have set. */
  adopt(frames: readonly Frame[]): void {
    const changes = frames.map((frame) => ({
      names: changesIn(frame.names, this.names),
      results: changesIn(frame.#results, this.#results),
    }))
    for (const { names, results } of changes) {
      Object.assign(this.names, names, { nodes: this.#results })
      Object.assign(this.#results, results)
    }
  }

  assign(variables: Assignment): void {
    if (isSingle(variables)) this.names[variables[0]] = variables[1]
    else Object.assign(this.names, variables)
  }

  /** Makes a step's result visible to the steps after it. */
  keep(node: string, result: Json): void {
    this.#results[node] = result
  }
}

function changesIn(names: Names, before: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([name, value]) => before[name] !== value))
}
