import { describe, expect, it } from 'vitest'
import { graphInput } from '../../../nodes/graph/schema.ts'
import { readInputs, startInputs } from '../../../src/pages/function/run-inputs.ts'

const inputs = [
  graphInput.parse({ name: 'device', required: true }),
  graphInput.parse({ name: 'severity', type: 'number', default: 5 }),
  graphInput.parse({ name: 'urgent', type: 'boolean' }),
]

describe('run inputs', () => {
  it('starts with the defaults, or with what was typed last time', () => {
    expect(startInputs(inputs)).toEqual({ device: '', severity: '5', urgent: 'false' })
    expect(startInputs(inputs, { device: 'Press 4', gone: 'x' })).toEqual({
      device: 'Press 4',
      severity: '5',
      urgent: 'false',
    })
  })

  it('forgets a text that was typed before the input was made one for people', () => {
    const person = graphInput.parse({ name: 'person', type: 'member' })
    const ada = '{"kind":"member","id":"m1"}'
    expect(startInputs([person], { person: '["Ada"]' })).toEqual({ person: '' })
    expect(startInputs([person], { person: ada })).toEqual({ person: ada })
  })

  it('reads each field by its type and leaves empty optional ones to their default', () => {
    expect(readInputs(inputs, { device: 'Press 4', severity: '', urgent: 'true' })).toEqual({
      ok: true,
      input: { device: 'Press 4', urgent: true },
    })
  })

  it('names every field that keeps the run from starting', () => {
    expect(readInputs(inputs, { device: ' ', severity: 'high' })).toEqual({
      ok: false,
      errors: { device: 'required', severity: 'number' },
    })
  })
})
