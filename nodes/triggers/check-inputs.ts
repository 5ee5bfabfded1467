import type { GraphInput } from '../graph/schema.ts'
import type { Problem } from '../graph/problems.ts'
import { checkValue } from '../values/evaluate-value.ts'
import type { TriggerSettings } from './settings.ts'

/** What values of a trigger know by name. */
export function triggerNames(kind: TriggerSettings['kind']): ReadonlySet<string> {
  return new Set(kind === 'hook' || kind === 'event' ? ['trigger', 'payload'] : ['trigger'])
}

/** True where the caller sends the inputs as they are. */
export function takesInputsFromBody(settings: TriggerSettings): boolean {
  return settings.kind === 'hook' && settings.body === 'inputs'
}

export interface InputProblem extends Problem {
  field: string
}

/** What keeps the values of a trigger from being the inputs of its function. */
export function checkTriggerInputs(settings: TriggerSettings, inputs: readonly GraphInput[]): InputProblem[] {
  if (takesInputsFromBody(settings)) return []
  const known = new Set(inputs.map(({ name }) => name))
  const names = triggerNames(settings.kind)
  const missing = inputs.filter(
    ({ name, required, default: preset }) =>
      required && preset === undefined && !Object.hasOwn(settings.inputs, name),
  )
  const problems: InputProblem[] = missing.map(({ name, title }) => ({
    severity: 'error',
    key: 'inputMissing',
    field: `inputs/${name}`,
    params: { name: title || name },
  }))
  for (const [name, value] of Object.entries(settings.inputs)) {
    if (!known.has(name)) {
      problems.push({ severity: 'error', key: 'inputUnknown', field: `inputs/${name}`, params: { name } })
      continue
    }
    const error = checkValue(value, names)
    if (error) {
      const { reason, ...params } = error.params
      problems.push({ severity: 'error', key: `formula.${reason}`, field: `inputs/${name}`, params })
    }
  }
  return problems
}
