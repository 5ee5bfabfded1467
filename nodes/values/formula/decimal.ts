import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import type { Arithmetic } from './syntax.ts'

/**
 * Calculates as people do on paper: `0.1 + 0.2` is `0.3`. Whole numbers are exact up to 2^53. Sums and products keep
 * exactly the decimals that their operands call for; quotients are rounded to 15 significant digits, as in a spreadsheet.
 * `%` is the remainder and has the sign of its left side.
 * @throws FormulaError `FORMULA_NUMBER`
 */
export function calculate(operator: Arithmetic, left: number, right: number, place: Place): number {
  const result = Number.isInteger(left) && Number.isInteger(right) ? plain : exact
  const value = result(operator, left, right, place)
  if (!Number.isFinite(value)) throw formulaError('tooLarge', place)
  return value === 0 ? 0 : value
}

/**
 * Sums, differences and products of numbers with few decimals are those of whole numbers, which are exact; dividing them
 * by a power of ten then gives the number that one would write.
 * @returns `undefined` where the numbers have more decimals or digits
 */
function scaled(operator: '+' | '-' | '*', left: number, right: number): number | undefined {
  const [a, b] = [Math.round(left * 1e6), Math.round(right * 1e6)]
  if (a / 1e6 !== left || b / 1e6 !== right) return undefined
  const whole = operator === '*' ? a * b : operator === '+' ? a + b : a - b
  if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined
  return whole / (operator === '*' ? 1e12 : 1e6)
}

/**
 * A power: whole numbers exactly, all others rounded to 15 significant digits, so that engines cannot differ in the last.
 * @throws FormulaError `FORMULA_NUMBER`
 */
export function power(base: number, exponent: number, place: Place): number {
  const whole = wholePower(base, exponent)
  if (whole !== undefined) return whole
  if (base === 0 && exponent < 0) throw formulaError('divisionByZero', place)
  const value = base ** exponent
  if (Number.isNaN(value)) throw formulaError('notReal', place)
  if (!Number.isFinite(value)) throw formulaError('tooLarge', place)
  return Number(value.toPrecision(15)) || 0
}

function wholePower(base: number, exponent: number): number | undefined {
  if (!Number.isInteger(base) || !Number.isInteger(exponent) || exponent < 0 || exponent > 64)
    return undefined
  let value = 1
  for (let count = 0; count < exponent; count++) {
    value *= base
    if (!Number.isSafeInteger(value)) return undefined
  }
  return value
}

function plain(operator: Arithmetic, left: number, right: number, place: Place): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      if (right === 0) throw formulaError('divisionByZero', place)
      return Number((left / right).toPrecision(15))
    case '%':
      if (right === 0) throw formulaError('divisionByZero', place)
      return left % right
  }
}

function exact(operator: Arithmetic, left: number, right: number, place: Place): number {
  if (operator === '+' || operator === '-' || operator === '*') {
    const found = scaled(operator, left, right)
    if (found !== undefined) return found
  }
  const value = plain(operator, left, right, place)
  switch (operator) {
    case '+':
    case '-':
      return toDecimals(value, Math.max(decimalsOf(left), decimalsOf(right)))
    case '*':
      return toDecimals(value, decimalsOf(left) + decimalsOf(right))
    case '/':
      return value
    case '%': {
      const decimals = Math.max(decimalsOf(left), decimalsOf(right))
      if (decimals > 15) return value
      const scale = 10 ** decimals
      return toDecimals((Math.round(left * scale) % Math.round(right * scale)) / scale, decimals)
    }
  }
}

/** Rounds half away from zero, as a spreadsheet does: 1.005 to two decimals is 1.01. Negative: tens, hundreds, … */
export function roundDecimal(value: number, decimals: number): number {
  return atDecimals(value, decimals, Math.round)
}

/** Cuts off what is behind those decimals: 1.239 to two decimals is 1.23, -1.239 is -1.23. */
export function truncateDecimal(value: number, decimals: number): number {
  return atDecimals(value, decimals, Math.trunc)
}

function atDecimals(value: number, decimals: number, cut: (positive: number) => number): number {
  const result = shift(cut(shift(Math.abs(value), decimals)), -decimals)
  if (!Number.isFinite(result)) return value
  return value < 0 && result !== 0 ? -result : result
}

/** Moves the decimal point in the written number, where a multiplication would add its own error. */
function shift(value: number, decimals: number): number {
  const [digits, exponent = '0'] = String(value).split('e')
  return Number(`${digits}e${Number(exponent) + decimals}`)
}

function decimalsOf(value: number): number {
  const text = String(value)
  const exponentAt = text.indexOf('e')
  const point = text.indexOf('.')
  const digits = point === -1 ? 0 : (exponentAt === -1 ? text.length : exponentAt) - point - 1
  return Math.max(0, digits - (exponentAt === -1 ? 0 : Number(text.slice(exponentAt + 1))))
}

function toDecimals(value: number, decimals: number): number {
  return decimals > 20 ? value : Number(value.toFixed(decimals))
}
