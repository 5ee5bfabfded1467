import type { Json } from '../../../json.ts'
import { formatDate } from '../date.ts'
import { limitText } from '../evaluation.ts'
import { formatNumber } from '../format-number.ts'
import { formulaError } from '../formula-error.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const MAX_PATTERN = 200

/** IANA name; the organisation's zone where it is left out. */
const zone: FormulaArgument = { name: 'zone', type: 'text', optional: true }

function datePart(name: string, pattern: string): FormulaFunction {
  return defineFunction<[string, string | undefined]>(
    name,
    [{ name: 'date', type: 'datetime' }, zone],
    'number',
    ([date, timeZone], { evaluation, places }) => {
      const place = places[0]!
      return Number(
        formatDate(date, pattern, timeZone ?? evaluation.scope.timeZone, { date: place, pattern: place }),
      )
    },
  )
}

export const timeFunctions: readonly FormulaFunction[] = [
  defineFunction<[]>('NOW', [], 'datetime', (_values, { evaluation }) =>
    evaluation.scope.now().toISOString(),
  ),
  defineFunction<[string | undefined]>('TODAY', [zone], 'text', ([timeZone], { evaluation, place }) => {
    const { now, timeZone: usual } = evaluation.scope
    return formatDate(now().toISOString(), 'yyyy-MM-dd', timeZone ?? usual, { date: place, pattern: place })
  }),
  datePart('YEAR', 'yyyy'),
  datePart('MONTH', 'M'),
  datePart('DAY', 'd'),
  datePart('HOUR', 'H'),
  datePart('MINUTE', 'm'),
  defineFunction<[Json, string, string | undefined]>(
    'FORMAT',
    [{ name: 'value', type: 'any' }, { name: 'pattern', type: 'text' }, zone],
    'text',
    ([value, pattern, timeZone], { evaluation, places }) => {
      const [valuePlace, patternPlace] = [places[0]!, places[1]!]
      if (pattern.length > MAX_PATTERN) throw formulaError('patternTooLong', patternPlace)
      if (typeof value === 'number') return limitText(formatNumber(value, pattern, patternPlace), valuePlace)
      if (typeof value !== 'string') throw formulaError('needsNumberOrDate', valuePlace)
      return formatDate(value, pattern, timeZone ?? evaluation.scope.timeZone, {
        date: valuePlace,
        pattern: patternPlace,
      })
    },
  ),
]
