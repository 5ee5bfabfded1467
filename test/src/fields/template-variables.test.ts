import { describe, expect, it } from 'vitest'
import {
  keepUsedVariables,
  renameVariable,
  variableRows,
  withNamesakes,
} from '../../../src/fields/template-variables.ts'

const fixed = (value: string) => ({ kind: 'fixed' as const, value })

describe('template variables', () => {
  it('shows a row per placeholder in the order of the text, filled from before', () => {
    expect(variableRows(['device', 'name'], { name: fixed('Ann') })).toEqual([
      { name: 'device', value: fixed(''), used: true },
      { name: 'name', value: fixed('Ann'), used: true },
    ])
  })

  it('keeps what was typed for a placeholder that is gone for the moment', () => {
    expect(variableRows(['device'], { nam: fixed('Ann') })).toEqual([
      { name: 'device', value: fixed(''), used: true },
      { name: 'nam', value: fixed('Ann'), used: false },
    ])
  })

  it('saves only what the template uses', () => {
    expect(keepUsedVariables(['device'], { nam: fixed('Ann'), device: fixed('Press 4') })).toEqual({
      device: fixed('Press 4'),
    })
  })

  it('saves everything where the text lives at the provider and is not known', () => {
    expect(keepUsedVariables(null, { code: fixed('1') })).toEqual({ code: fixed('1') })
    expect(variableRows(null, { code: fixed('1') })).toEqual([
      { name: 'code', value: fixed('1'), used: true },
    ])
  })

  it('never reads an inherited property as a value', () => {
    expect(variableRows(['constructor'], {})).toEqual([{ name: 'constructor', value: fixed(''), used: true }])
  })

  it('renames a row in its place and refuses a taken name', () => {
    const values = { a: fixed('1'), b: fixed('2') }
    expect(Object.keys(renameVariable(values, 'a', 'c'))).toEqual(['c', 'b'])
    expect(renameVariable(values, 'a', 'b')).toEqual(values)
  })

  it('begins with the input of the same name, and leaves what is filled in', () => {
    const known = new Set(['device', 'severity', 'nodes.sms'])
    const filled = { severity: fixed('5') }
    expect(withNamesakes(['device', 'severity', 'shift'], filled, known)).toEqual({
      severity: fixed('5'),
      device: { kind: 'variable', path: 'device' },
    })
    expect(withNamesakes(['severity', 'shift'], filled, known)).toBe(filled)
  })
})
