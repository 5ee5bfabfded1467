import type { XRayValue } from '../../nodes/api/x-ray.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import { FormulaError } from '../../nodes/errors.ts'
import { isSingle } from '../../nodes/execution.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { valueNames } from '../../nodes/values/evaluate-value.ts'
import { findValues } from '../../nodes/values/find-values.ts'
import type { Value } from '../../nodes/values/value.ts'
import { recordedResult } from '../engine/describe-run.ts'
import { directoryInputs, nameEntries } from '../engine/name-entries.ts'
import type { Moment } from '../engine/step-context.ts'
import type { OpenRun } from '../ledger/ledger.ts'

type Sample = Pick<XRayValue, 'from'> & { value: Json }

/** Values that stand for those of a run that has not happened: typed ones, else the last run's, else defaults. */
export class SampleValues {
  readonly #graph: Graph
  readonly #samples = new Map<string, Sample>()

  constructor(graph: Graph, typed: JsonObject, lastRun: OpenRun | undefined) {
    this.#graph = graph
    for (const input of graph.inputs) {
      if (input.default !== undefined && input.default !== null) {
        this.#samples.set(input.name, { value: input.default, from: 'default' })
      }
    }
    for (const [name, value] of Object.entries(lastRun ? namesOf(lastRun) : {})) {
      if (value !== null) this.#samples.set(name, { value, from: 'last-run' })
    }
    for (const [name, value] of Object.entries(typed)) {
      this.#samples.set(name, { value, from: 'typed' })
    }
  }

  /** Members, departments and roles get the names that the directory has for them now, as at the start of a run. */
  async nameEntries(directory: Directory): Promise<this> {
    const inputs = directoryInputs(this.#graph.inputs)
    if (inputs.length === 0) return this
    const given = Object.fromEntries([...this.#samples].map(([name, { value }]) => [name, value]))
    const { values } = await nameEntries(inputs, given, directory)
    for (const [name, value] of Object.entries(values)) {
      this.#samples.set(name, { ...this.#samples.get(name)!, value })
    }
    return this
  }

  /** True where everything that the value is made of has a sample. @throws FormulaError */
  knows(value: Value): boolean {
    return valueNames(value).every((name) => this.#samples.has(name))
  }

  /** Every name that the values of these parameters are made of, and what stands for it. */
  usedBy(params: object): XRayValue[] {
    const used = new Set(findValues(params as Json).flatMap(({ value }) => readableNames(value)))
    return [...used].map((name) => {
      const input = this.#graph.inputs.find((each) => each.name === name)
      const node = this.#graph.nodes.find(({ id }) => name === `nodes.${id}`)
      const sample = this.#samples.get(name)
      return {
        name,
        title: input?.title || node?.title || '',
        ...(input && { type: input.type }),
        from: sample?.from ?? 'unknown',
        ...(sample && { value: sample.value }),
      }
    })
  }

  moment(now: () => Date): Moment {
    const names: Record<string, Json> = Object.create(null) as Record<string, Json>
    const results: Record<string, Json> = Object.create(null) as Record<string, Json>
    for (const [name, { value }] of this.#samples) {
      if (name.startsWith('nodes.')) results[name.slice('nodes.'.length)] = value
      else names[name] = value
    }
    names['nodes'] = results
    return { names, now }
  }
}

/** A formula that cannot be read uses nothing. */
function readableNames(value: Value): readonly string[] {
  try {
    return valueNames(value)
  } catch (error) {
    if (error instanceof FormulaError) return []
    throw error
  }
}

/** Inputs and variables of a run by name, results of its steps as `nodes.<id>`. */
function namesOf({ run, steps, messages }: OpenRun): JsonObject {
  const names: JsonObject = { ...run.input }
  for (const step of steps) {
    const result = recordedResult(
      step,
      messages.filter(({ path }) => path === step.path),
    )
    if (step.port !== null && result !== undefined) names[`nodes.${step.node}`] = result
    const { assign } = step
    Object.assign(names, assign && isSingle(assign) ? { [assign[0]]: assign[1] } : assign)
  }
  return names
}
