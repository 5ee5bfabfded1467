import { variableName, type GraphInput } from '../../../nodes/graph/schema.ts'
import { isReservedName } from '../../../nodes/values/names.ts'
import { formatTyped, parseTyped } from '../../forms/typed-values.ts'

/** One input while it is edited; the default stays as typed until OK. */
export interface InputRow extends Omit<GraphInput, 'default'> {
  defaultText: string
}

export function inputRow(input: GraphInput): InputRow {
  const { default: preset, ...rest } = input
  return { ...rest, defaultText: formatTyped(preset) }
}

/** A new row with a name that is free. */
export function newInputRow(rows: readonly InputRow[]): InputRow {
  let number = rows.length + 1
  while (rows.some((row) => row.name === `input${number}`)) number++
  return { name: `input${number}`, title: '', type: 'text', required: false, defaultText: '' }
}

/** Either the inputs, or the key of a text for each refused field: `0/name`, `2/default`. */
export type ReadRows = { ok: true; inputs: GraphInput[] } | { ok: false; errors: Record<string, string> }

/** @param kept inputs whose names are taken already */
export function readInputRows(rows: readonly InputRow[], kept: readonly GraphInput[] = []): ReadRows {
  const errors: Record<string, string> = {}
  const inputs = rows.map((row, index): GraphInput => {
    const { defaultText, ...input } = row
    if (isReservedName(row.name)) errors[`${index}/name`] = 'validation.reservedName'
    else if (!variableName.safeParse(row.name).success) errors[`${index}/name`] = 'validation.name'
    else if ([...kept, ...rows.slice(0, index)].some(({ name }) => name === row.name)) {
      errors[`${index}/name`] = 'function.inputs.nameTaken'
    }
    if (defaultText.trim() === '') return input
    const parsed = parseTyped(row.type, defaultText)
    if (parsed.ok) return { ...input, default: parsed.value }
    errors[`${index}/default`] = `function.typed.${parsed.key}`
    return input
  })
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, inputs }
}
