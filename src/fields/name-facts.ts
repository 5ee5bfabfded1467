import { findingProblem } from '../../nodes/graph/shape-problems.ts'
import type { Problem } from '../../nodes/graph/problems.ts'
import type { ValueType } from '../../nodes/graph/schema.ts'
import { checkValueShape, inferValue } from '../../nodes/values/types/infer-value.ts'
import type { Names } from '../../nodes/values/types/names.ts'
import { ANY_KIND, kind, type Shape } from '../../nodes/values/types/shape.ts'
import type { Wanted } from '../../nodes/values/types/wanted.ts'
import type { Value } from '../../nodes/values/value.ts'

/** What is known of a name where a value is chosen. */
export interface NameFacts {
  /** Absent where it may be of several types. */
  type?: ValueType | undefined
  /** Why it fails there whenever it is used. */
  unfit?: Problem | undefined
  /** The fields of an object, as far as they are known. */
  fields?: readonly string[] | undefined
}

/** @param path `device`, `nodes.sms1.counts.accepted` */
export function nameFacts(path: string, names: Names | undefined, wanted: Wanted | undefined): NameFacts {
  if (!names) return {}
  const value: Value = { kind: 'variable', path }
  const finding = checkValueShape(value, names, wanted).find(({ certain }) => certain)
  const shape = inferValue(value, names)
  return {
    type: typeOf(shape),
    ...(finding && { unfit: findingProblem(finding, value, '') }),
    ...(shape.fields && { fields: [...shape.fields.keys()] }),
  }
}

const typeOfKind = new Map<number, ValueType>([
  [kind.text, 'text'],
  [kind.number, 'number'],
  [kind.boolean, 'boolean'],
  [kind.list, 'list'],
  [kind.object, 'object'],
])

/** That it may be missing as well is no other type. */
function typeOf({ kinds, type }: Shape): ValueType | undefined {
  return type ?? typeOfKind.get(kinds & ANY_KIND & ~kind.nothing)
}

/** Parameters with a variable in the place of a value that may not be chosen yet. */
export function withVariableAt(params: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return { kind: 'variable', path: 'any' }
  if (Array.isArray(params)) {
    return params.map((each: unknown, index) => (String(index) === key ? withVariableAt(each, rest) : each))
  }
  const object = params !== null && typeof params === 'object' ? (params as Record<string, unknown>) : {}
  return { ...object, [key]: withVariableAt(object[key], rest) }
}
