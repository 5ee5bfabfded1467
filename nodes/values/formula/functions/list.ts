import type { Json } from '../../../json.ts'
import { limitText } from '../evaluation.ts'
import { toText } from '../types.ts'
import type { FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

export const listFunctions: readonly FormulaFunction[] = [
  defineFunction<[Json[], string | undefined]>(
    'JOIN',
    [
      { name: 'list', type: 'list' },
      { name: 'separator', type: 'text', optional: true },
    ],
    'text',
    ([list, separator = ', '], { place, places }) => {
      let joined = ''
      for (const [index, item] of list.entries()) {
        joined = limitText(joined + (index === 0 ? '' : separator) + toText(item, places[0]!), place)
      }
      return joined
    },
  ),
]
