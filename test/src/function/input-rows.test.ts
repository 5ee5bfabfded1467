import { describe, expect, it } from 'vitest'
import { graphInput } from '../../../nodes/graph/schema.ts'
import { inputRow, newInputRow, readInputRows } from '../../../src/pages/function/input-rows.ts'

const device = graphInput.parse({ name: 'device', title: 'Device', required: true })
const severity = graphInput.parse({ name: 'severity', type: 'number', default: 5 })

describe('input rows', () => {
  it('come back as they were when nothing is changed', () => {
    const inputs = [device, severity]
    expect(readInputRows(inputs.map(inputRow))).toEqual({ ok: true, inputs })
  })

  it('refuse a name that formulas cannot use, means something else, or stands there twice', () => {
    const named = (name: string) => ({ ...inputRow(device), name })
    expect(readInputRows([named('1st'), named('nodes'), named('a'), named('a')])).toEqual({
      ok: false,
      errors: {
        '0/name': 'validation.name',
        '1/name': 'validation.reservedName',
        '3/name': 'function.inputs.nameTaken',
      },
    })
  })

  it('refuse a default that is not of the type', () => {
    expect(readInputRows([{ ...inputRow(severity), defaultText: 'high' }])).toEqual({
      ok: false,
      errors: { '0/default': 'function.typed.number' },
    })
  })

  it('start with a name that is free', () => {
    expect(newInputRow([inputRow({ ...device, name: 'input2' })]).name).toBe('input3')
  })
})
