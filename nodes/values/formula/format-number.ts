import { roundDecimal } from './decimal.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'

const MAX_DECIMALS = 15

/**
 * Writes a number by a spreadsheet pattern: `0` a digit that is always there, `#` one that may be, `,` groups of
 * thousands, `%` per cent; anything before and after stays: `¥#,##0.00`, `0.0%`, `000`, `0 pcs`.
 */
export function formatNumber(value: number, pattern: string, place: Place): string {
  const start = pattern.search(/[#0]/)
  if (start === -1) throw formulaError('numberPattern', place)
  let end = start
  while (end < pattern.length && '#0,.'.includes(pattern[end]!)) end++
  // a dot or comma that ends a sentence belongs to the text
  while (',.'.includes(pattern[end - 1]!)) end--
  const before = pattern.slice(0, start)
  const after = pattern.slice(end)
  const [whole = '', fraction = '', ...more] = pattern.slice(start, end).split('.')
  if (more.length > 0 || fraction.includes(',') || fraction.length > MAX_DECIMALS) {
    throw formulaError('numberPattern', place)
  }
  const scaled = (before + after).includes('%') ? roundDecimal(value * 100, 12) : value
  if (!Number.isFinite(scaled)) throw formulaError('tooLarge', place)
  const rounded = roundDecimal(scaled, fraction.length)
  const [digits, decimals] = written(Math.abs(rounded), fraction.length)
  const padded = digits.padStart(count(whole, '0'), '0')
  const grouped = whole.includes(',') ? padded.replace(/\B(?=(?:\d{3})+$)/g, ',') : padded
  const kept = trimOptional(decimals, count(fraction, '0'))
  return `${rounded < 0 ? '-' : ''}${before}${grouped}${kept === '' ? '' : `.${kept}`}${after}`
}

/** The digits before and after the point, never with an exponent. */
function written(value: number, decimals: number): [string, string] {
  if (value >= 1e21) return [BigInt(value).toString(), '0'.repeat(decimals)]
  const [digits = '0', rest = ''] = value.toFixed(decimals).split('.')
  return [digits, rest]
}

/** `#` decimals disappear while they are zero. */
function trimOptional(decimals: string, required: number): string {
  let length = decimals.length
  while (length > required && decimals[length - 1] === '0') length--
  return decimals.slice(0, length)
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
