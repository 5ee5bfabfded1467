import { z } from 'zod'
import { defineNode } from '../define.ts'
import { functionName } from '../graph/schema.ts'
import type { KnownFunction, Problem } from '../graph/problems.ts'
import { wantedForInput } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'

/** Runs another function, as a run of its own, and goes on with what it returns. */
export const callFunction = defineNode({
  type: 'call-function',
  version: 1,
  menu: ['function'],
  icon: 'square-function',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({
    function: functionName.meta({ control: 'function' }),
    /** By name of the other function's inputs. */
    inputs: z.record(z.string(), value).default({}).meta({ control: 'function-inputs' }),
    /** False: goes on at once, and the other run ends when it ends. */
    wait: z.boolean().default(true).meta({ control: 'switch' }),
  }),
  defaults: () => ({ function: '', inputs: {}, wait: true }),
  result: z.object({
    /** Id of the other run. */
    run: z.string(),
    /** What it returned; only where the step waited. */
    output: z.json().optional(),
  }),
  wants: (path, { function: name }, { functions }) => {
    const called = functions?.find((each) => each.name === name)
    const input = called?.inputs.find((each) => `inputs/${each.name}` === path)
    return input && wantedForInput(input.type, input.required)
  },
  check: ({ function: name, inputs }, { functions, graph }): Problem[] => {
    if (!functions) return []
    const called = functions.find((each) => each.name === name)
    if (!called) return [{ severity: 'error', key: 'functionMissing', field: 'function', params: { name } }]
    const known = new Set(called.inputs.map((input) => input.name))
    const missing = called.inputs.filter((input) => input.required && !Object.hasOwn(inputs, input.name))
    const unknown = Object.keys(inputs).filter((input) => !known.has(input))
    // a function that calls itself calls what is published together with the call
    const isUnpublished = called.published === null && name !== graph.name
    return [
      ...(isUnpublished ? [notPublished(called)] : []),
      ...missing.map(({ name, title }): Problem => ({
        severity: 'error',
        key: 'inputMissing',
        field: `inputs/${name}`,
        params: { name: title || name },
      })),
      ...unknown.map((name): Problem => ({
        severity: 'warning',
        key: 'inputUnknown',
        field: `inputs/${name}`,
        params: { name },
      })),
    ]
  },
})

function notPublished({ name, title }: KnownFunction): Problem {
  return {
    severity: 'warning',
    key: 'functionNotPublished',
    field: 'function',
    params: { name: title },
    unpublished: name,
  }
}
