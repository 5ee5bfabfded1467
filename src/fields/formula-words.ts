import { functionHelp } from '../../nodes/values/formula/function-help.ts'
import { formulaFunctions } from '../../nodes/values/formula/functions.ts'
import type { Translate } from '../i18n/index.ts'

/** A word of the formula language, as completion offers it. */
export interface FunctionWord {
  /** What is typed to find it. */
  word: string
  insert: string
  /** Behind the word: what it takes. */
  detail: string
  /** A sentence, and an example of its use; empty where there is nothing to say. */
  help: string
  example: string
}

/**
 * The functions under the names that somebody who works in this language may type: in Chinese both, the Chinese first.
 * Then the word for an item of a list.
 */
export function functionWords(t: Translate, isChinese: boolean): FunctionWord[] {
  const functions = formulaFunctions.flatMap((each) => {
    const { name, signature, help, example } = functionHelp(each, t, isChinese)
    const names = isChinese ? [name, each.name] : [name]
    return names.map((word) => ({
      word,
      insert: `${word}(`,
      detail: signature,
      help,
      example: t('formula.example', { example }),
    }))
  })
  const item = isChinese ? ['当前项', 'item'] : ['item']
  return [
    ...functions,
    ...item.map((word) => ({ word, insert: word, detail: t('formula.item'), help: '', example: '' })),
  ]
}
