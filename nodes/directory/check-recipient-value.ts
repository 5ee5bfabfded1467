import type { Problem } from '../graph/problems.ts'
import type { GraphInput, ValueType } from '../graph/schema.ts'
import type { Value } from '../values/value.ts'
import { directoryTypes, isDirectoryType } from './directory-value.ts'

/** A path and nothing else: a formula may be one too. */
const isPath = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}\p{N}_]+)*$/u
const namesNobody: ReadonlySet<ValueType> = new Set(['number', 'boolean', 'datetime'])

/**
 * Says that a value among the recipients can name nobody, as far as that is known before a run: an input of another
 * type, or a field of a member, department or role in place of the whole.
 */
export function recipientValueProblem(value: Value, inputs: readonly GraphInput[]): Problem | undefined {
  switch (value.kind) {
    case 'fixed':
      return typeof value.value === 'number' || typeof value.value === 'boolean'
        ? problem(String(value.value))
        : undefined
    case 'variable':
      return canName(value.path, inputs) ? undefined : problem(value.path)
    case 'formula': {
      const source = value.source.trim()
      return !isPath.test(source) || canName(source, inputs) ? undefined : problem(source)
    }
  }
}

/** Whether a path can lead to a recipient. */
export function canName(path: string, inputs: readonly GraphInput[]): boolean {
  const [name, ...fields] = path.split('.')
  const type = inputs.find((each) => each.name === name)?.type
  if (type === undefined) return true
  if (!isDirectoryType(type)) return !namesNobody.has(type)
  return fields.length <= (directoryTypes[type].isList ? 1 : 0)
}

function problem(name: string): Problem {
  return { severity: 'error', key: 'recipientType', params: { name } }
}
