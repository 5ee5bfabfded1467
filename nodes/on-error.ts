import type { RunSummary } from './api/runs.ts'
import type { GraphInput, Graph, ValueType } from './graph/schema.ts'
import type { KnownFunction, Problem } from './graph/problems.ts'

/** What the *on error* function of a failed run is given, and of which type it is: each where it has an input of that name. */
export const onErrorInputs = {
  failedFunction: 'text',
  failedRun: 'text',
  failedStep: 'text',
  errorCode: 'text',
  errorMessage: 'text',
  failedAt: 'datetime',
  runLink: 'text',
  failedInput: 'object',
} as const satisfies Record<string, ValueType>
export type OnErrorInput = keyof typeof onErrorInputs

/** True where an input of the *on error* function is filled by the failure. */
export function isOnErrorInput(name: string): name is OnErrorInput {
  return Object.hasOwn(onErrorInputs, name)
}

/** Whether the failure of a run may start an *on error* function at all: tries do not, and neither does such a function's own. */
export function mayStartOnError({
  trigger,
  dryRun,
}: Pick<RunSummary, 'trigger'> & { dryRun?: unknown }): boolean {
  return !dryRun && trigger !== 'test' && trigger !== 'debug' && trigger !== 'on-error'
}

/** The field that problems with the *on error* function belong to. */
const field = 'onErrorFunction'

/** What keeps the *on error* function of a graph from being started. */
export function onErrorProblems(
  { name, onErrorFunction }: Pick<Graph, 'name' | 'onErrorFunction'>,
  functions: readonly KnownFunction[] | undefined,
): Problem[] {
  if (onErrorFunction === undefined) return []
  if (onErrorFunction === name) return [{ severity: 'error', key: 'onErrorItself', field }]
  if (!functions) return []
  const chosen = functions.find((each) => each.name === onErrorFunction)
  const params = { name: chosen?.title ?? onErrorFunction }
  if (!chosen) return [{ severity: 'error', key: 'onErrorMissing', field, params }]
  if (chosen.published === null) {
    return [{ severity: 'warning', key: 'onErrorNotPublished', field, params, unpublished: onErrorFunction }]
  }
  return chosen.inputs.flatMap((input): Problem[] => {
    const key = inputProblem(input)
    const of = { ...params, input: input.title || input.name }
    return key ? [{ severity: 'error', key, field, params: of }] : []
  })
}

function inputProblem({ name, type, required, default: preset }: GraphInput): string | undefined {
  if (!isOnErrorInput(name)) return required && preset === undefined ? 'onErrorInput' : undefined
  const given: ValueType = onErrorInputs[name]
  // a time can be read as the text that it is
  const fits = type === given || (given === 'datetime' && type === 'text')
  return fits ? undefined : 'onErrorInputType'
}
