import { directoryFunctions } from './functions/directory.ts'
import { identityFunctions } from './functions/identity.ts'
import { listFunctions } from './functions/list.ts'
import { logicFunctions } from './functions/logic.ts'
import { numberFunctions } from './functions/number.ts'
import { textFunctions } from './functions/text.ts'
import { timeFunctions } from './functions/time.ts'
import type { FormulaArgument, FormulaFunction } from './functions/define.ts'

/** Every function of the formula language by its subject, in the order in which a person looks for them. */
export const functionGroups = {
  logic: logicFunctions,
  text: textFunctions,
  number: numberFunctions,
  list: listFunctions,
  time: timeFunctions,
  directory: directoryFunctions,
  identity: identityFunctions,
} as const

export const formulaFunctions: readonly FormulaFunction[] = Object.values(functionGroups).flat()

const byName = new Map(
  formulaFunctions.flatMap((each) => [each.name, each.alias].map((name) => [name, each])),
)

/** @param name English in any spelling of capitals, or Chinese */
export function findFunction(name: string): FormulaFunction | undefined {
  return byName.get(name.toUpperCase())
}

/** What is declared of an argument; `index` counts from 0, and the last may repeat. */
export function argumentAt({ args }: FormulaFunction, index: number): FormulaArgument | undefined {
  return args[Math.min(index, args.length - 1)]
}
