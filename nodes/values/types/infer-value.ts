import { FormulaError } from '../../errors.ts'
import { formulaExpression } from '../formula/formula.ts'
import type { Expression } from '../formula/syntax.ts'
import type { Value } from '../value.ts'
import { compareKinds } from './finding.ts'
import type { Finding } from './finding.ts'
import { inferExpression, namesAfter } from './infer-formula.ts'
import { rootOf } from './names.ts'
import type { Names } from './names.ts'
import { readFieldShape, readItemShape } from './read-shape.ts'
import { anyShape, kind, shapeOfJson, without } from './shape.ts'
import type { Shape } from './shape.ts'
import type { Wanted } from './wanted.ts'

/** Tells what a value gives at a place of a graph, and reports what fails in it, or may. */
export function inferValue(
  value: Value,
  names: Names,
  report: (finding: Finding) => void = () => undefined,
): Shape {
  switch (value.kind) {
    case 'fixed':
      return shapeOfJson(value.value)
    case 'variable':
      return inferPath(value.path, names, report)
    case 'formula': {
      const expression = readExpression(value.source)
      return expression ? inferExpression(expression, names, report) : anyShape
    }
  }
}

/** Everything about a value that fails where it is used, or may; what fails for certain comes first. */
export function checkValueShape(value: Value, names: Names, needed: Wanted | undefined): Finding[] {
  const findings: Finding[] = []
  const shape = inferValue(value, names, (finding) => findings.push(finding))
  if (needed && findings.length === 0) {
    const finding = compareKinds(shape, needed, wholeOf(value)) ?? unfitFixed(value, needed)
    if (finding) findings.push(finding)
  }
  return findings.sort((a, b) => Number(b.certain) - Number(a.certain))
}

/** What else is known once a condition was evaluated to an answer. */
export function namesAfterCondition(value: Value, answer: boolean, names: Names): Names {
  const source = value.kind === 'formula' ? value.source : value.kind === 'variable' ? value.path : undefined
  const expression = source === undefined ? undefined : readExpression(source)
  return expression ? namesAfter(expression, answer, names) : names
}

function unfitFixed(value: Value, { takes, name }: Wanted): Finding | undefined {
  if (value.kind !== 'fixed' || !takes || takes(value.value)) return undefined
  return { certain: true, reason: `wrong.${name}`, place: wholeOf(value) }
}

function wholeOf(value: Value) {
  const length =
    value.kind === 'formula' ? value.source.length : value.kind === 'variable' ? value.path.length : 0
  return { position: 0, length }
}

/** A formula that cannot be read is told of elsewhere. */
function readExpression(source: string): Expression | undefined {
  try {
    return formulaExpression(source)
  } catch (error) {
    if (error instanceof FormulaError) return undefined
    throw error
  }
}

function inferPath(path: string, names: Names, report: (finding: Finding) => void): Shape {
  const place = { position: 0, length: path.length }
  const root = rootOf(path)
  let shape = names.find(root) ?? anyShape
  if (shape.kinds & kind.unset) {
    report({ certain: false, reason: 'unset', place })
    shape = shape.kinds === kind.unset ? anyShape : without(shape, kind.unset)
  }
  if (path === root) return shape
  const narrowed = names.findPath(path, root)
  if (narrowed) return narrowed
  for (const key of path.slice(root.length + 1).split('.')) {
    shape =
      shape.kinds === kind.list && /^[1-9]\d{0,9}$/.test(key)
        ? readItemShape(shape)
        : /^\d+$/.test(key)
          ? anyShape
          : readFieldShape(shape, key, place, report)
  }
  return shape
}
