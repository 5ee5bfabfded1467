import { listFunctions } from './functions/list.ts'
import { logicFunctions } from './functions/logic.ts'
import { numberFunctions } from './functions/number.ts'
import { textFunctions } from './functions/text.ts'
import { timeFunctions } from './functions/time.ts'
import type { FormulaFunction } from './functions/define.ts'

/** Every function of the formula language, in the order in which a person looks for them. */
export const formulaFunctions: readonly FormulaFunction[] = [
  ...logicFunctions,
  ...textFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...timeFunctions,
]

const byName = new Map(formulaFunctions.map((each) => [each.name, each]))

/** @param name in any spelling of capitals */
export function findFunction(name: string): FormulaFunction | undefined {
  return byName.get(name.toUpperCase())
}
