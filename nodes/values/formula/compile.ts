import type { Json } from '../../json.ts'
import { readField, readItem } from '../read-path.ts'
import { closest } from './closest.ts'
import { compare } from './compare.ts'
import { calculate } from './decimal.ts'
import { limitText, spend } from './evaluation.ts'
import type { Evaluate, Evaluation } from './evaluation.ts'
import { formulaError, unknownName } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { argumentAt, findFunction, formulaFunctions } from './functions.ts'
import type { CompiledArgument, FormulaArgument, FormulaFunction } from './functions/define.ts'
import { stepCosts } from './limits.ts'
import { countParts, isItemName } from './syntax.ts'
import type { Expression } from './syntax.ts'
import { needBoolean, needList, needNumber, needText, toText } from './types.ts'

/**
 * Turns a parsed formula into closures: no code is generated, so it runs under any content security policy.
 * @param isInItem true inside an argument that is evaluated for each item of a list: there `item` is that item
 */
export function compile(expression: Expression, isInItem = false): Evaluate {
  const { place } = expression
  const inside = (part: Expression) => compile(part, isInItem)
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'name':
      if (isInItem && isItemName(expression.name)) return ({ item }) => item
      return compileName(expression.name, place)
    case 'step': {
      const { id } = expression
      return ({ scope }) => {
        const steps = Object.hasOwn(scope.names, 'nodes') ? scope.names.nodes! : null
        return readField(steps, id) ?? null
      }
    }
    case 'member': {
      const { key } = expression
      const of = inside(expression.of)
      return (evaluation) => field(of(evaluation), key, evaluation, place)
    }
    case 'index':
      return compileIndex(inside(expression.of), inside(expression.index), expression.index.place, place)
    case 'negate': {
      const of = inside(expression.of)
      const inner = expression.of.place
      return (evaluation) => 0 - needNumber(of(evaluation), inner)
    }
    case 'not': {
      const of = inside(expression.of)
      const inner = expression.of.place
      return (evaluation) => !needBoolean(of(evaluation), inner)
    }
    case 'binary':
      return compileBinary(expression, inside)
    case 'call':
      return compileCall(expression, isInItem)
  }
}

function compileName(name: string, place: Place): Evaluate {
  return ({ scope }) => {
    if (!Object.hasOwn(scope.names, name)) throw unknownName(name, place, Object.keys(scope.names))
    return scope.names[name]!
  }
}

/** A field of an object; of a list, the field of each of its items. */
function field(value: Json, key: string, evaluation: Evaluation, place: Place): Json {
  if (Array.isArray(value)) spend(evaluation, value.length * stepCosts.field, place)
  const found = readField(value, key)
  if (found === undefined) throw formulaError('noFields', place)
  return found
}

/** `list[1]` is the first item; `object["a key"]` reads a field whose name is no word. */
function compileIndex(of: Evaluate, index: Evaluate, indexPlace: Place, place: Place): Evaluate {
  return (evaluation) => {
    const value = of(evaluation)
    const at = index(evaluation)
    if (value === null) return null
    if (!Array.isArray(value)) return field(value, needText(at, indexPlace), evaluation, place)
    if (typeof at !== 'number' || !Number.isInteger(at) || at < 1) {
      throw formulaError('needsPosition', indexPlace)
    }
    return readItem(value, at)
  }
}

function compileBinary(
  { operator, left, right, place }: Expression & { kind: 'binary' },
  inside: (part: Expression) => Evaluate,
): Evaluate {
  const [a, b] = [inside(left), inside(right)]
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return (evaluation) =>
        calculate(
          operator,
          needNumber(a(evaluation), left.place),
          needNumber(b(evaluation), right.place),
          place,
        )
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (evaluation) => compare(operator, a(evaluation), b(evaluation), evaluation, place)
    case '&':
      return (evaluation) =>
        limitText(toText(a(evaluation), left.place) + toText(b(evaluation), right.place), place)
    case 'and':
      return (evaluation) => needBoolean(a(evaluation), left.place) && needBoolean(b(evaluation), right.place)
    case 'or':
      return (evaluation) => needBoolean(a(evaluation), left.place) || needBoolean(b(evaluation), right.place)
  }
}

function compileCall({ name, values, place }: Expression & { kind: 'call' }, isInItem: boolean): Evaluate {
  const found = findFunction(name)
  const nameAt = { position: place.position, length: name.length }
  if (!found) throw unknownFunction(name, nameAt)
  checkCount(found, values.length, nameAt)
  return found.compile(
    values.map((value, index) => {
      const { type, each = false } = argumentAt(found, index)!
      const evaluate = compile(value, isInItem || each)
      return { evaluate: checked(evaluate, type, value.place), place: value.place, parts: countParts(value) }
    }),
    place,
  )
}

function unknownFunction(name: string, place: Place) {
  const known = formulaFunctions.flatMap((each) => [each.name, each.alias])
  const suggestion = closest(name.toUpperCase(), known)
  if (suggestion) return formulaError('functionDidYouMean', place, { name, suggestion })
  return formulaError('unknownFunction', place, { name })
}

function checkCount({ name, args }: FormulaFunction, given: number, place: Place) {
  const least = args.filter((each) => !each.optional).length
  if (given < least) throw formulaError('tooFew', place, { name, count: least })
  if (given > args.length && !args.at(-1)?.repeats) {
    throw formulaError('tooMany', place, { name, count: args.length })
  }
}

function checked(
  evaluate: Evaluate,
  type: FormulaArgument['type'],
  place: Place,
): CompiledArgument['evaluate'] {
  switch (type) {
    case 'text':
    case 'datetime':
      return (evaluation) => needText(evaluate(evaluation), place)
    case 'number':
      return (evaluation) => needNumber(evaluate(evaluation), place)
    case 'boolean':
      return (evaluation) => needBoolean(evaluate(evaluation), place)
    case 'list':
      return (evaluation) => needList(evaluate(evaluation), place)
    case 'any':
      return evaluate
  }
}
