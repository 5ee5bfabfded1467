import type { Json } from '../../json.ts'
import { readField, readItem } from '../read-path.ts'
import { closest } from './closest.ts'
import { compare } from './compare.ts'
import { calculate } from './decimal.ts'
import { limitText } from './evaluation.ts'
import type { Evaluate } from './evaluation.ts'
import { formulaError, unknownName } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { findFunction, formulaFunctions } from './functions.ts'
import type { CompiledArgument, FormulaArgument, FormulaFunction } from './functions/define.ts'
import type { Expression } from './syntax.ts'
import { needBoolean, needList, needNumber, needText, toText } from './types.ts'

/** Turns a parsed formula into closures: no code is generated, so it runs under any content security policy. */
export function compile(expression: Expression): Evaluate {
  const { place } = expression
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'name':
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
      const of = compile(expression.of)
      return (evaluation) => field(of(evaluation), key, place)
    }
    case 'index':
      return compileIndex(compile(expression.of), compile(expression.index), expression.index.place, place)
    case 'negate': {
      const of = compile(expression.of)
      const inner = expression.of.place
      return (evaluation) => 0 - needNumber(of(evaluation), inner)
    }
    case 'not': {
      const of = compile(expression.of)
      const inner = expression.of.place
      return (evaluation) => !needBoolean(of(evaluation), inner)
    }
    case 'binary':
      return compileBinary(expression)
    case 'call':
      return compileCall(expression.name, expression.values, place)
  }
}

function compileName(name: string, place: Place): Evaluate {
  return ({ scope }) => {
    if (!Object.hasOwn(scope.names, name)) throw unknownName(name, place, Object.keys(scope.names))
    return scope.names[name]!
  }
}

function field(value: Json, key: string, place: Place): Json {
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
    if (!Array.isArray(value)) return field(value, needText(at, indexPlace), place)
    if (typeof at !== 'number' || !Number.isInteger(at) || at < 1) {
      throw formulaError('needsPosition', indexPlace)
    }
    return readItem(value, at)
  }
}

function compileBinary({ operator, left, right, place }: Expression & { kind: 'binary' }): Evaluate {
  const [a, b] = [compile(left), compile(right)]
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

function compileCall(name: string, values: readonly Expression[], place: Place): Evaluate {
  const found = findFunction(name)
  const nameAt = { position: place.position, length: name.length }
  if (!found) {
    const suggestion = closest(
      name.toUpperCase(),
      formulaFunctions.map((each) => each.name),
    )
    if (suggestion) throw formulaError('functionDidYouMean', nameAt, { name, suggestion })
    throw formulaError('unknownFunction', nameAt, { name })
  }
  checkCount(found, values.length, nameAt)
  return found.compile(
    values.map((value, index) => {
      const { type } = found.args[Math.min(index, found.args.length - 1)]!
      return { evaluate: checked(compile(value), type, value.place), place: value.place }
    }),
    place,
  )
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
