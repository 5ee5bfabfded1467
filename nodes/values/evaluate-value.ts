import type { FormulaError } from '../errors.ts'
import type { Json } from '../json.ts'
import { formulaError, unknownName } from './formula/formula-error.ts'
import type { Place } from './formula/formula-error.ts'
import { checkFormula, compileFormula } from './formula/formula.ts'
import { readField, readItem } from './read-path.ts'
import type { Scope } from './scope.ts'
import type { Value } from './value.ts'

/**
 * Gives what a parameter holds at this moment. A path reads own properties only, counts lists from 1, and gives nothing
 * (`null`) where a field is missing; a name that does not exist at all is an error, a step that did not run is nothing.
 * @throws FormulaError
 */
export function evaluateValue(value: Value, scope: Scope): Json {
  switch (value.kind) {
    case 'fixed':
      return value.value
    case 'variable':
      return readPath(value.path, scope)
    case 'formula':
      return compileFormula(value.source).evaluate(scope)
  }
}

/**
 * The names a value depends on: `device`, `nodes.sms1`.
 * @throws FormulaError where a formula cannot be read
 */
export function valueNames(value: Value): readonly string[] {
  switch (value.kind) {
    case 'fixed':
      return []
    case 'variable':
      return [rootName(value.path)]
    case 'formula':
      return compileFormula(value.source).names
  }
}

/** Says what is wrong with a value before it is evaluated, or `null`. */
export function checkValue(value: Value, knownNames: ReadonlySet<string>): FormulaError | null {
  switch (value.kind) {
    case 'fixed':
      return null
    case 'variable': {
      const name = rootName(value.path)
      return knownNames.has(name) ? null : unknownName(name, wholePath(value.path), knownNames)
    }
    case 'formula':
      return checkFormula(value.source, knownNames)
  }
}

function readPath(path: string, scope: Scope): Json {
  const [root, ...rest] = path.split('.')
  if (root !== 'nodes' && !Object.hasOwn(scope.names, root!))
    throw unknownName(root!, wholePath(path), Object.keys(scope.names))
  let value: Json = Object.hasOwn(scope.names, root!) ? scope.names[root!]! : null
  for (const key of rest) {
    const next: Json | undefined =
      Array.isArray(value) && /^[1-9]\d{0,9}$/.test(key)
        ? readItem(value, Number(key))
        : readField(value, key)
    if (next === undefined) throw formulaError('noFields', wholePath(path))
    value = next
  }
  return value
}

function rootName(path: string): string {
  const [root, step] = path.split('.')
  return root === 'nodes' && step ? `nodes.${step}` : root!
}

function wholePath(path: string): Place {
  return { position: 0, length: path.length }
}
