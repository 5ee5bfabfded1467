import { argumentAt, findFunction } from '../formula/functions.ts'
import type { FormulaFunction, FormulaType } from '../formula/functions/define.ts'
import type { Place } from '../formula/formula-error.ts'
import { isItemName } from '../formula/syntax.ts'
import type { Expression } from '../formula/syntax.ts'
import { compareKinds } from './finding.ts'
import type { Finding } from './finding.ts'
import type { Names } from './names.ts'
import { rootOf } from './names.ts'
import { narrow, pathOf } from './narrow.ts'
import { readFieldShape, readItemShape } from './read-shape.ts'
import {
  anyShape,
  booleanShape,
  join,
  kind,
  listOf,
  nothingShape,
  numberShape,
  shapeOfJson,
  textShape,
  without,
  withKinds,
} from './shape.ts'
import type { Shape } from './shape.ts'
import { wanted } from './wanted.ts'

/** Where a part of a formula stands. */
interface Standing {
  names: Names
  /** Shape of `item`, inside an argument that is evaluated for each item. */
  item: Shape | undefined
  /** Whether it is evaluated whenever the formula is. */
  isCertain: boolean
  report: (finding: Finding) => void
}

/** The arguments that a function evaluates only sometimes: all from this one on. */
const evaluatesUntil: Record<string, number> = { IF: 1, IFS: 1, AND: 1, OR: 1, COALESCE: 1, DEFAULTVALUE: 1 }

/** Tells what a formula gives, and reports what fails in it, or may. */
export function inferExpression(
  expression: Expression,
  names: Names,
  report: (finding: Finding) => void = () => undefined,
): Shape {
  return infer(expression, { names, item: undefined, isCertain: true, report })
}

/** What else is known of the names once a condition was evaluated to an answer. */
export function namesAfter(condition: Expression, answer: boolean, names: Names): Names {
  return narrow(condition, answer, names, inferExpression)
}

function infer(expression: Expression, at: Standing): Shape {
  const { place } = expression
  switch (expression.kind) {
    case 'literal':
      return shapeOfJson(expression.value)
    case 'name':
      if (at.item && isItemName(expression.name)) return at.item
      return readName(expression.name, place, at)
    case 'step':
      return readName(`nodes.${expression.id}`, place, at)
    case 'member':
      return inferMember(expression, at)
    case 'index':
      return inferIndex(expression, at)
    case 'negate':
      need(expression.of, wanted.number, at)
      return numberShape
    case 'not':
      need(expression.of, wanted.boolean, at)
      return booleanShape
    case 'binary':
      return inferBinary(expression, at)
    case 'call':
      return inferCall(expression, at)
  }
}

/** A name that nothing sets is told of elsewhere. */
function readName(name: string, place: Place, at: Standing): Shape {
  const shape = at.names.find(name) ?? anyShape
  if ((shape.kinds & kind.unset) === 0) return shape
  at.report({ certain: false, reason: 'unset', place })
  const set = without(shape, kind.unset)
  return set.kinds === 0 ? anyShape : set
}

function inferMember(expression: Expression & { kind: 'member' }, at: Standing): Shape {
  const of = infer(expression.of, at)
  const path = pathOf(expression)
  const known = path === undefined ? undefined : at.names.findPath(path, rootOf(path))
  return known ?? readFieldShape(of, expression.key, expression.place, reporter(at))
}

function inferIndex({ of, index, place }: Expression & { kind: 'index' }, at: Standing): Shape {
  const shape = infer(of, at)
  const position = infer(index, at)
  if (index.kind === 'literal' && typeof index.value === 'string' && (shape.kinds & kind.list) === 0) {
    return readFieldShape(shape, index.value, place, reporter(at))
  }
  if (shape.kinds !== kind.list) return anyShape
  check(position, wanted.number, index.place, at)
  return readItemShape(shape)
}

function inferBinary({ operator, left, right, place }: Expression & { kind: 'binary' }, at: Standing): Shape {
  switch (operator) {
    case '=':
    case '!=':
      infer(left, at)
      infer(right, at)
      return booleanShape
    case '<':
    case '<=':
    case '>':
    case '>=':
      checkOrder(infer(left, at), infer(right, at), left.place, right.place, place, at)
      return booleanShape
    case '&':
      need(left, wanted.writableIfAny, at)
      need(right, wanted.writableIfAny, at)
      return textShape
    case 'and':
    case 'or':
      need(left, wanted.boolean, at)
      need(right, wanted.boolean, { ...at, isCertain: false, names: after(left, operator === 'and', at) })
      return booleanShape
    default:
      need(left, wanted.number, at)
      need(right, wanted.number, at)
      return numberShape
  }
}

function after(condition: Expression, answer: boolean, { names }: Standing): Names {
  return narrow(condition, answer, names, inferExpression)
}

/** Two numbers, or two texts. */
function checkOrder(
  left: Shape,
  right: Shape,
  leftPlace: Place,
  rightPlace: Place,
  place: Place,
  at: Standing,
): void {
  const texts = kind.text | kind.blank
  const canBe = (bits: number) => (left.kinds & bits) !== 0 && (right.kinds & bits) !== 0
  const sides = [
    [left, leftPlace],
    [right, rightPlace],
  ] as const
  const isCertain = !canBe(kind.number) && !canBe(texts)
  const missing = sides.find(([{ kinds }]) => (kinds & ~kind.blank) === kind.nothing)
  if (isCertain) {
    reporter(at)({ certain: true, reason: missing ? 'missing' : 'wrong.order', place: missing?.[1] ?? place })
    return
  }
  for (const [shape, sidePlace] of sides) {
    const finding = compareKinds(shape, { name: 'text', kinds: kind.number | texts }, sidePlace)
    if (finding?.reason === 'missing') reporter(at)(finding)
  }
}

function need(
  part: Expression,
  needed: { name: 'number' | 'boolean' | 'writable'; kinds: number },
  at: Standing,
) {
  check(infer(part, at), needed, part.place, at)
}

function check(shape: Shape, needed: Parameters<typeof compareKinds>[1], place: Place, at: Standing): void {
  const finding = compareKinds(shape, needed, place)
  if (finding) reporter(at)(finding)
}

function reporter({ isCertain, report }: Standing) {
  return (finding: Finding) => report(isCertain ? finding : { ...finding, certain: false })
}

function inferCall({ name, values }: Expression & { kind: 'call' }, at: Standing): Shape {
  const called = findFunction(name)
  if (!called) return anyShape
  const shapes: Shape[] = []
  for (const [index, value] of values.entries()) {
    const { type, each = false } = argumentAt(called, index)!
    const isCertain = at.isCertain && !each && index < (evaluatesUntil[called.name] ?? Infinity)
    const item = each ? readEach(shapes[0]) : at.item
    const standing = { ...at, item, isCertain, names: namesFor(called, values, index, at) }
    const shape = infer(value, standing)
    if (type !== 'any') check(shape, wanted[type === 'datetime' ? 'text' : type], value.place, standing)
    shapes.push(shape)
  }
  return resultOf(called, shapes)
}

/** An item of the list; anything where nothing is known of it. */
function readEach(list: Shape | undefined): Shape {
  return list?.item ?? anyShape
}

/** What a later argument knows from the conditions before it. */
function namesFor(
  called: FormulaFunction,
  values: readonly Expression[],
  index: number,
  at: Standing,
): Names {
  const [first] = values
  switch (called.name) {
    case 'IF':
      return index === 0 ? at.names : after(first!, index === 1, at)
    case 'AND':
    case 'OR':
      return values
        .slice(0, index)
        .reduce((names, each) => narrow(each, called.name === 'AND', names, inferExpression), at.names)
    case 'IFS': {
      const isResult = index % 2 === 1
      const earlier = values.slice(0, isResult ? index - 1 : index).filter((_, place) => place % 2 === 0)
      const names = earlier.reduce((known, each) => narrow(each, false, known, inferExpression), at.names)
      return isResult ? narrow(values[index - 1]!, true, names, inferExpression) : names
    }
    default:
      return at.names
  }
}

function resultOf({ name, returns }: FormulaFunction, shapes: readonly Shape[]): Shape {
  const [first = anyShape, second = nothingShape] = shapes
  const [lastOrNothing] = shapes.length % 2 === 1 ? shapes.slice(-1) : [nothingShape]
  switch (name) {
    case 'IF':
      return join(second, shapes[2] ?? nothingShape)
    case 'IFS':
      return shapes.filter((_, index) => index % 2 === 1).reduce(join, lastOrNothing!)
    case 'COALESCE':
      return shapes.map((each, index) => (index < shapes.length - 1 ? filled(each) : each)).reduce(join)
    case 'DEFAULTVALUE':
      return join(filled(first), second)
    case 'EMPTY':
      return nothingShape
    case 'FIRST':
    case 'LAST':
      return readItemShape(first)
    case 'LIST':
      return listOf(shapes.length === 0 ? undefined : shapes.reduce(join))
    case 'MAP':
      return listOf(second)
    case 'FILTER':
    case 'UNIQUE':
    case 'SORT':
    case 'SORTBY':
      return listOf(first.item)
    case 'SPLIT':
      return listOf(textShape)
    default:
      return shapeOfReturn(returns)
  }
}

/** What is left of a value that is passed over where it is missing; a blank text may be left. */
function filled(shape: Shape): Shape {
  const left = without(shape, kind.nothing)
  return (left.kinds & kind.blank) === 0 ? left : withKinds(left, kind.blank)
}

function shapeOfReturn(type: FormulaType): Shape {
  switch (type) {
    case 'any':
      return anyShape
    case 'number':
      return numberShape
    case 'boolean':
      return booleanShape
    case 'list':
      return listOf(undefined)
    case 'datetime':
      return { kinds: kind.text, type: 'datetime' }
    case 'text':
      return textShape
  }
}
