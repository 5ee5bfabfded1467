import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { formFields } from '../../../src/forms/form-fields.ts'

describe('formFields', () => {
  it('picks a control by the kind of data and keeps the declared order', () => {
    const fields = formFields(
      z.object({
        name: z.string(),
        age: z.number(),
        on: z.boolean(),
        size: z.enum(['s', 'm']),
        rest: z.json(),
      }),
    )
    expect(fields.map(({ name, control }) => [name, control])).toEqual([
      ['name', 'text'],
      ['age', 'number'],
      ['on', 'switch'],
      ['size', 'select'],
      ['rest', 'json'],
    ])
    expect(fields[3]!.options).toEqual(['s', 'm'])
  })

  it('marks as required what the schema refuses to miss', () => {
    const fields = formFields(
      z.object({ must: z.string(), may: z.string().optional(), preset: z.string().default('x') }),
    )
    expect(fields.map((field) => field.required)).toEqual([true, false, false])
  })

  it('reads metadata from any layer, the outer one wins', () => {
    const inner = z.string().max(20).meta({ control: 'textarea', placeholder: 'inner' })
    const [field] = formFields(z.object({ a: inner.optional().meta({ placeholder: 'outer' }) }))
    expect(field).toMatchObject({ control: 'textarea', placeholder: 'outer', maxLength: 20 })
  })

  it('finds the field components of every node of the product', () => {
    const controls = nodeDefinitions.flatMap((each) => formFields(each.params).map(({ control }) => control))
    expect(new Set(controls)).toEqual(
      new Set([
        'approval-late-minutes',
        'approval-late-recipients',
        'approval-sms-after',
        'approval-sms-decides',
        'variable-name',
        'login-method',
        'known-variable',
        'parallel-branches',
        'function',
        'function-inputs',
        'value',
        'condition-value',
        'wait-amount',
        'wait-unit',
        'wait-until',
        'set-item-key',
        'set-item-value',
        'textarea',
        'branches',
        'number',
        'switch',
        'select',
        'sms-step',
        'recipients',
        'sms-service',
        'message-template',
        'template-code',
        'fail-over-codes',
        'template-text',
        'template-variables',
        'success',
        'text',
        'text-value',
        'text-lines',
        'value-rows',
        'http-headers',
        'http-body',
        'http-may-repeat',
      ]),
    )
  })
})
