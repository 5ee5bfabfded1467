import { FormulaError } from '../../errors.ts'
import { parseFormula } from './parse.ts'
import { usesOf } from './uses.ts'

/**
 * The same formula with other step ids. Only what the formula reads as a step changes: quoted text, fields and names
 * that merely look like one stay. A formula that cannot be read stays as it is.
 * @param newIds old id → new id; other ids stay
 */
export function renameSteps(source: string, newIds: ReadonlyMap<string, string>): string {
  let renamed = ''
  let copiedTo = 0
  for (const { step, place } of stepsIn(source)) {
    const newId = newIds.get(step)
    if (newId === undefined) continue
    renamed += source.slice(copiedTo, place.position) + stepReference(newId)
    copiedTo = place.position + place.length
  }
  return renamed + source.slice(copiedTo)
}

/** How a formula names a step: `nodes.sms1`, `nodes["sms-1"]`. */
export function stepReference(id: string): string {
  return /^[A-Za-z_]\w*$/.test(id) ? `nodes.${id}` : `nodes["${id}"]`
}

function stepsIn(source: string) {
  try {
    return usesOf(parseFormula(source)).flatMap(({ step, place }) =>
      step === undefined ? [] : [{ step, place }],
    )
  } catch (error) {
    if (error instanceof FormulaError) return []
    throw error
  }
}
