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

function datePart(name: string, alias: string, pattern: string): FormulaFunction {
  return defineFunction<[string, string | undefined]>(
    { name, alias, args: [{ name: 'date', type: 'datetime' }, zone], returns: 'number' },
    ([date, timeZone], { evaluation, places }) => {
      const place = places[0]!
      return Number(
        formatDate(date, pattern, timeZone ?? evaluation.scope.timeZone, { date: place, pattern: place }),
      )
    },
  )
}

export const timeFunctions: readonly FormulaFunction[] = [
  defineFunction<[]>(
    { name: 'NOW', alias: '现在', args: [], returns: 'datetime' },
    (_values, { evaluation }) => evaluation.scope.now().toISOString(),
  ),
  defineFunction<[string | undefined]>(
    { name: 'TODAY', alias: '今天', args: [zone], returns: 'text' },
    ([timeZone], { evaluation, place }) => {
      const { now, timeZone: usual } = evaluation.scope
      return formatDate(now().toISOString(), 'yyyy-MM-dd', timeZone ?? usual, { date: place, pattern: place })
    },
  ),
  datePart('YEAR', '年份', 'yyyy'),
  datePart('MONTH', '月份', 'M'),
  datePart('DAY', '日', 'd'),
  datePart('HOUR', '小时', 'H'),
  datePart('MINUTE', '分钟', 'm'),
  defineFunction<[Json, string, string | undefined]>(
    {
      name: 'FORMAT',
      alias: '格式化',
      args: [{ name: 'value', type: 'any' }, { name: 'pattern', type: 'text' }, zone],
      returns: 'text',
    },
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
