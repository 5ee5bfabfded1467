import type { Json } from '../../../json.ts'
import { translate } from '../../../locales/index.ts'
import {
  addMonths,
  dayMs,
  dayOfYear,
  daysInMonth,
  startOfMonth,
  wallClock,
  wallTime,
  weekday,
  weekOfYear,
} from '../calendar.ts'
import type { WallTime } from '../calendar.ts'
import { addToDate, dateDifference, momentOf, readDate, readUnit, writeDate, zoneOf } from '../date.ts'
import type { DateUnit, DateValue } from '../date.ts'
import { limitText, nowOf } from '../evaluation.ts'
import { formatDate } from '../format-date.ts'
import { formatNumber } from '../format-number.ts'
import { formulaError } from '../formula-error.ts'
import type { Place } from '../formula-error.ts'
import { wholeNumber } from '../types.ts'
import type { Call, FormulaArgument, FormulaFunction, FormulaType } from './define.ts'
import { defineFunction } from './define.ts'
import { language, languageOf } from './language.ts'

const MAX_PATTERN = 200

const date: FormulaArgument = { name: 'date', type: 'datetime' }
const unit: FormulaArgument = { name: 'unit', type: 'text' }
/** IANA name; the organisation's zone where it is left out. */
const zone: FormulaArgument = { name: 'zone', type: 'text', optional: true }
const number = (name: string): FormulaArgument => ({ name, type: 'number' })
const optional = (argument: FormulaArgument): FormulaArgument => ({ ...argument, optional: true })

/** The zone of a call whose argument at `index` may name one. */
function zoneAt(index: number, written: string | undefined, { evaluation, place, places }: Call): string {
  return zoneOf(written, evaluation, places[index] ?? place)
}

/** A function of a date as a clock in the zone shows it. */
function ofDate(
  name: string,
  alias: string,
  returns: FormulaType,
  run: (wall: WallTime, date: DateValue) => Json,
): FormulaFunction {
  return defineFunction<[string, string | undefined]>(
    { name, alias, args: [date, zone], returns },
    ([text, timeZone], call) => {
      const read = readDate(text, zoneAt(1, timeZone, call), call.evaluation, call.places[0]!)
      return run(read.wall, read)
    },
  )
}

function extract(wall: WallTime, part: DateUnit): number {
  switch (part) {
    case 'quarter':
      return Math.ceil(wallClock(wall).month / 3)
    case 'week':
      return weekOfYear(wall)
    default:
      return wallClock(wall)[part]
  }
}

const day = (wall: WallTime) => writeDate({ kind: 'day', wall })

function formatted(value: string, pattern: string, timeZone: string | undefined, call: Call): string {
  const patternPlace = call.places[1]!
  const { wall } = readDate(value, zoneAt(2, timeZone, call), call.evaluation, call.places[0]!)
  return limitText(formatDate(wall, shortPattern(pattern, patternPlace), patternPlace), call.place)
}

function shortPattern(pattern: string, place: Place): string {
  if (pattern.length > MAX_PATTERN) throw formulaError('patternTooLong', place)
  return pattern
}

export const timeFunctions: readonly FormulaFunction[] = [
  defineFunction<[]>(
    { name: 'NOW', alias: '现在', args: [], returns: 'datetime' },
    (_values, { evaluation }) => nowOf(evaluation).toISOString(),
  ),
  defineFunction<[string | undefined]>(
    { name: 'TODAY', alias: '今天', args: [zone], returns: 'datetime' },
    ([timeZone], call) => {
      const { evaluation, place } = call
      return day(readDate(nowOf(evaluation).toISOString(), zoneAt(0, timeZone, call), evaluation, place).wall)
    },
  ),
  defineFunction<[number, number, number, number | undefined, number | undefined, number | undefined]>(
    {
      name: 'DATE',
      alias: '日期',
      args: [
        ...[number('year'), number('month'), number('day')],
        ...[optional(number('hour')), optional(number('minute')), optional(number('second'))],
      ],
      returns: 'datetime',
    },
    ([year, month, dayOfMonth, hour, minute = 0, second = 0], { place }) => {
      const wall = wallTime({ year, month, day: dayOfMonth, hour: hour ?? 0, minute, second })
      if (wall === undefined) throw formulaError('noSuchDay', place)
      return writeDate({ kind: hour === undefined ? 'day' : 'clock', wall })
    },
  ),
  defineFunction<[string, string | undefined]>(
    { name: 'MOMENT', alias: '时刻', args: [date, zone], returns: 'datetime' },
    ([text, timeZone], call) => {
      const timeZoneName = zoneAt(1, timeZone, call)
      const read = readDate(text, timeZoneName, call.evaluation, call.places[0]!)
      return writeDate({
        kind: 'moment',
        wall: read.wall,
        moment: momentOf(read, timeZoneName, call.evaluation, call.place),
      })
    },
  ),
  defineFunction<[string, number, string, string | undefined]>(
    { name: 'DATEADD', alias: '日期加', args: [date, number('count'), unit, zone], returns: 'datetime' },
    ([text, count, unitText, timeZone], call) => {
      const timeZoneName = zoneAt(3, timeZone, call)
      const [datePlace, countPlace, unitPlace] = [call.places[0]!, call.places[1]!, call.places[2]!]
      const read = readDate(text, timeZoneName, call.evaluation, datePlace)
      const whole = wholeNumber(count, countPlace)
      return writeDate(
        addToDate(read, whole, readUnit(unitText, unitPlace), timeZoneName, call.evaluation, call.place),
      )
    },
  ),
  defineFunction<[string, number, string | undefined]>(
    { name: 'DATEDELTA', alias: '日期加天', args: [date, number('days'), zone], returns: 'datetime' },
    ([text, days, timeZone], call) => {
      const timeZoneName = zoneAt(2, timeZone, call)
      const read = readDate(text, timeZoneName, call.evaluation, call.places[0]!)
      return writeDate(
        addToDate(read, wholeNumber(days, call.places[1]!), 'day', timeZoneName, call.evaluation, call.place),
      )
    },
  ),
  defineFunction<[string, string, string, string | undefined]>(
    {
      name: 'DATEDIF',
      alias: '日期差',
      args: [{ name: 'start', type: 'datetime' }, { name: 'end', type: 'datetime' }, unit, zone],
      returns: 'number',
    },
    ([start, end, unitText, timeZone], call) => {
      const { evaluation, places } = call
      const timeZoneName = zoneAt(3, timeZone, call)
      const from = readDate(start, timeZoneName, evaluation, places[0]!)
      const to = readDate(end, timeZoneName, evaluation, places[1]!)
      return dateDifference(from, to, readUnit(unitText, places[2]!), timeZoneName, evaluation, call.place)
    },
  ),
  defineFunction<[string, string | undefined, string | undefined]>(
    {
      name: 'DATESTR',
      alias: '日期文本',
      args: [date, { name: 'pattern', type: 'text', optional: true }, zone],
      returns: 'text',
    },
    ([text, pattern = 'yyyy-MM-dd', timeZone], call) => formatted(text, pattern, timeZone, call),
  ),
  defineFunction<[string, string, string | undefined]>(
    { name: 'EXTRACT', alias: '日期部分', args: [date, unit, zone], returns: 'number' },
    ([text, unitText, timeZone], call) => {
      const { wall } = readDate(text, zoneAt(2, timeZone, call), call.evaluation, call.places[0]!)
      return extract(wall, readUnit(unitText, call.places[1]!))
    },
  ),
  ofDate('YEAR', '年份', 'number', (wall) => wallClock(wall).year),
  ofDate('MONTH', '月份', 'number', (wall) => wallClock(wall).month),
  ofDate('DAY', '日', 'number', (wall) => wallClock(wall).day),
  ofDate('HOUR', '小时', 'number', (wall) => wallClock(wall).hour),
  ofDate('MINUTE', '分钟', 'number', (wall) => wallClock(wall).minute),
  ofDate('SECOND', '秒', 'number', (wall) => wallClock(wall).second),
  ofDate('MONTHDAYS', '当月天数', 'number', (wall) => {
    const { year, month } = wallClock(wall)
    return daysInMonth(year, month)
  }),
  ofDate('DAYOFYEAR', '年内第几天', 'number', dayOfYear),
  ofDate('WEEKOFYEAR', '年内第几周', 'number', weekOfYear),
  ofDate('WEEKDAYNUM', '星期数', 'number', weekday),
  defineFunction<[string, string | undefined, string | undefined]>(
    {
      name: 'WEEKDAYSTR',
      alias: '星期',
      args: [date, language, zone],
      returns: 'text',
    },
    ([text, chosen, timeZone], call) => {
      const { wall } = readDate(text, zoneAt(2, timeZone, call), call.evaluation, call.places[0]!)
      return translate(languageOf(chosen, call), `weekdays.${weekday(wall)}`)
    },
  ),
  ofDate('MONTHSTART', '月初', 'datetime', (wall) => day(startOfMonth(wall))),
  ofDate('MONTHEND', '月末', 'datetime', (wall) => day(addMonths(startOfMonth(wall), 1) - dayMs)),
  defineFunction<[Json, string, string | undefined]>(
    {
      name: 'FORMAT',
      alias: '格式化',
      args: [{ name: 'value', type: 'any' }, { name: 'pattern', type: 'text' }, zone],
      returns: 'text',
    },
    ([value, pattern, timeZone], call) => {
      const [valuePlace, patternPlace] = [call.places[0]!, call.places[1]!]
      if (typeof value === 'number') {
        return limitText(formatNumber(value, shortPattern(pattern, patternPlace), patternPlace), valuePlace)
      }
      if (typeof value !== 'string') throw formulaError('needsNumberOrDate', valuePlace)
      return formatted(value, pattern, timeZone, call)
    },
  ),
]
