import { translate } from '../../../locales/index.ts'
import { wallTime } from '../calendar.ts'
import { writeDate } from '../date.ts'
import { formulaError } from '../formula-error.ts'
import type { Place } from '../formula-error.ts'
import type { FormulaArgument, FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'
import { language, languageOf } from './language.ts'

const idCard: FormulaArgument = { name: 'idCard', type: 'text' }

/** GB 11643: six digits of a region, the birthday, three digits of a sequence (odd for men), a check digit. */
const written = /^\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]$/
/** ISO 7064, MOD 11-2. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkDigits = '10X98765432'

function readIdCard(text: string, place: Place): { birthday: string; sex: 'male' | 'female' } {
  const number = text.trim()
  const [, year, month, day, sequence] = written.exec(number) ?? []
  const clock = { year: Number(year), month: Number(month), day: Number(day), hour: 0, minute: 0, second: 0 }
  const wall = wallTime(clock)
  const sum = weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  if (wall === undefined || checkDigits[sum % 11] !== number.at(-1)?.toUpperCase()) {
    throw formulaError('idCard', place)
  }
  return { birthday: writeDate({ kind: 'day', wall }), sex: Number(sequence) % 2 === 1 ? 'male' : 'female' }
}

export const identityFunctions: readonly FormulaFunction[] = [
  defineFunction<[string]>(
    { name: 'IDCARDBIRTHDAY', alias: '身份证生日', args: [idCard], returns: 'datetime' },
    ([text], { places }) => readIdCard(text, places[0]!).birthday,
  ),
  defineFunction<[string, string | undefined]>(
    { name: 'IDCARDSEX', alias: '身份证性别', args: [idCard, language], returns: 'text' },
    ([text, chosen], call) =>
      translate(languageOf(chosen, call), `sexes.${readIdCard(text, call.places[0]!).sex}`),
  ),
]
