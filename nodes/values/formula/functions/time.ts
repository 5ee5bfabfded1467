import type { Json } from '../../../json.ts'
import { formatDate } from '../date.ts'
import { limitText } from '../evaluation.ts'
import { formatNumber } from '../format-number.ts'
import { formulaError } from '../formula-error.ts'
import type { FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

const MAX_PATTERN = 200

export const timeFunctions: readonly FormulaFunction[] = [
  defineFunction<[]>('NOW', [], 'datetime', (_values, { evaluation }) =>
    evaluation.scope.now().toISOString(),
  ),
  defineFunction<[Json, string]>(
    'FORMAT',
    [
      { name: 'value', type: 'any' },
      { name: 'pattern', type: 'text' },
    ],
    'text',
    ([value, pattern], { evaluation, places }) => {
      const [valuePlace, patternPlace] = [places[0]!, places[1]!]
      if (pattern.length > MAX_PATTERN) throw formulaError('patternTooLong', patternPlace)
      if (typeof value === 'number') return limitText(formatNumber(value, pattern, patternPlace), valuePlace)
      if (typeof value !== 'string') throw formulaError('needsNumberOrDate', valuePlace)
      return formatDate(value, pattern, evaluation.scope.timeZone, {
        date: valuePlace,
        pattern: patternPlace,
      })
    },
  ),
]
