import type { FunctionDeclaration } from './functions/define.ts'

/** A function as people read of it, in one language. */
export interface FunctionHelp {
  /** The name in that language. */
  name: string
  /** Its arguments in brackets, those that may be left out in square ones: `(list, [separator])`. */
  signature: string
  help: string
  example: string
}

/**
 * Puts a declaration and the texts of `nodes/locales/formula.<language>.json` together: for completion and for the
 * reference in `docs`.
 * @param text gives the text at a dotted path such as `formula.functions.SUM.help`
 * @param isChinese true takes the Chinese name
 */
export function functionHelp(
  { name, alias, args }: FunctionDeclaration,
  text: (key: `formula.${string}`) => string,
  isChinese: boolean,
): FunctionHelp {
  const words = args.map((each) => {
    const word = text(`formula.arguments.${each.name}`) + (each.repeats ? ', …' : '')
    return each.optional ? `[${word}]` : word
  })
  return {
    name: isChinese ? alias : name,
    signature: `(${words.join(', ')})`,
    help: text(`formula.functions.${name}.help`),
    example: text(`formula.functions.${name}.example`),
  }
}
