import type { z } from 'zod'
import { ErrorCode, FlowError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import type { Body, ExecutionContext } from '../execution.ts'
import type { Json, JsonObject } from '../json.ts'
import { LARGEST_COLLECTED, sizeUpTo } from '../values/value-size.ts'
import type { Value } from '../values/value.ts'
import { loop, MOST_ROUNDS } from './definition.ts'

type Params = z.output<typeof loop.params>

export const loopExecutor = defineExecutor(
  loop,
  async (params, context) => {
    const items = context.once(() => readItems(params, context))
    context.recordInput({ items: items.length, ...(params.atOnce > 1 && { atOnce: params.atOnce }) })
    const rounds = new Rounds(items, params)
    if (params.atOnce > 1) await context.walkTogether(rounds.bodies(), { atOnce: params.atOnce })
    else for (const body of rounds.bodies()) await context.walk(body)
    return { port: 'done', result: rounds.result(), assign: rounds.last() }
  },
  { inDryRun: true },
)

/** The rounds of one loop: what each begins with, and what is left of it. */
class Rounds {
  readonly #items: readonly Json[]
  readonly #params: Params
  readonly #results: Json[] = []
  #count = 0
  /** Characters and values in `results`. */
  #collected = 0
  #isOver = false

  constructor(items: readonly Json[], params: Params) {
    this.#items = items
    this.#params = params
  }

  *bodies(): Generator<Body> {
    const { item, index } = this.#params
    for (const [at, value] of this.#items.entries()) {
      if (this.#isOver) return
      const names = { [item]: value, ...(index !== undefined && { [index]: at + 1 }) }
      yield { port: 'each', at: String(at + 1), names, after: (evaluate) => this.#after(at, evaluate) }
    }
  }

  result(): Json {
    const count = this.#count
    // a round that a true `until` kept from beginning leaves no gap
    return this.#params.collect
      ? { count, results: this.#results.filter((each) => each !== undefined) }
      : { count }
  }

  /** After the loop its variables hold what they held in its last round. */
  last(): JsonObject {
    const { item, index, atOnce } = this.#params
    const at = atOnce > 1 || !this.#isOver ? this.#items.length : this.#count
    return { [item]: this.#items[at - 1] ?? null, ...(index !== undefined && { [index]: at }) }
  }

  #collect(at: number, value: Json): void {
    this.#collected += sizeUpTo(LARGEST_COLLECTED, value)
    if (this.#collected > LARGEST_COLLECTED) throw collectsTooMuch()
    this.#results[at] = value
  }

  #after(at: number, evaluate: (value: Value) => Json): void {
    const { collect, until } = this.#params
    this.#count++
    if (collect) this.#collect(at, evaluate(collect))
    if (!until) return
    const answer = evaluate(until)
    if (typeof answer !== 'boolean') throw notBoolean()
    if (answer) this.#isOver = true
  }
}

function readItems({ list, limit }: Params, context: ExecutionContext): Json[] {
  const value = context.evaluate(list)
  const count = typeof value === 'number' ? value : Array.isArray(value) ? value.length : NaN
  if (!Number.isInteger(count) || count < 0) {
    throw new FlowError(ErrorCode.LoopInvalid, 'The loop needs a list, or a whole number of rounds', {
      hint: 'Look at what the value of “For each” gives.',
    })
  }
  if (count > limit) {
    throw new FlowError(
      ErrorCode.LoopTooLong,
      `The loop would take ${count} rounds, and ${limit} are allowed`,
      {
        hint: `Make the list shorter, or raise the limit of the loop (${MOST_ROUNDS} at most).`,
        params: { count, limit },
      },
    )
  }
  return Array.isArray(value) ? value : Array.from({ length: count }, (_, at) => at + 1)
}

function collectsTooMuch(): FlowError {
  return new FlowError(
    ErrorCode.LoopInvalid,
    `The loop collects more than ${LARGEST_COLLECTED} characters and values in all`,
    { hint: 'Collect less of each round, or take fewer rounds.' },
  )
}

function notBoolean(): FlowError {
  return new FlowError(
    ErrorCode.LoopInvalid,
    'The condition that ends the loop gives neither true nor false',
    {
      hint: 'Write a comparison, for example total > 100.',
    },
  )
}
