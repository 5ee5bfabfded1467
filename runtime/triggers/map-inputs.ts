import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { takesInputsFromBody } from '../../nodes/triggers/check-inputs.ts'
import type { TriggerSettings } from '../../nodes/triggers/settings.ts'
import { compileFormula } from '../../nodes/values/formula/formula.ts'
import { evaluateValue } from '../../nodes/values/evaluate-value.ts'
import type { Scope } from '../../nodes/values/scope.ts'

/** What set a trigger off, as its values see it: `trigger`, and `payload` where somebody sent one. */
export interface Cause {
  trigger: JsonObject
  payload?: Json
}

/** The clock and the zone of formulas. */
export type Clock = Pick<Scope, 'now' | 'timeZone'>

/**
 * The inputs of the function that a trigger starts.
 * @throws FormulaError; FlowError `BODY_INVALID` where a body that holds the inputs is no object
 */
export function mapInputs(settings: TriggerSettings, cause: Cause, clock: Clock): JsonObject {
  if (takesInputsFromBody(settings)) return objectOf(cause.payload)
  const scope = scopeOf(cause, clock)
  return Object.fromEntries(
    Object.entries(settings.inputs).map(([name, value]) => [name, evaluateValue(value, scope)]),
  )
}

/** @throws FormulaError; FlowError `FORMULA_TYPE` where the condition gives neither true nor false */
export function meetsCondition(condition: string, cause: Cause, clock: Clock): boolean {
  if (condition === '') return true
  const met = compileFormula(condition).evaluate(scopeOf(cause, clock))
  if (typeof met === 'boolean') return met
  throw new FlowError(ErrorCode.FormulaType, 'The condition gives neither true nor false', {
    hint: 'Compare something, for example payload.severity > 3.',
  })
}

function scopeOf({ trigger, payload }: Cause, clock: Clock): Scope {
  return { names: payload === undefined ? { trigger } : { trigger, payload }, ...clock }
}

function objectOf(payload: Json | undefined): JsonObject {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload
  throw new FlowError(ErrorCode.BodyInvalid, 'The body must be an object that holds the inputs by name', {
    hint: 'Send an object such as {"device":"Pump 7"}.',
  })
}
