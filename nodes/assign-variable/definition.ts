import { z } from 'zod'
import { defineNode } from '../define.ts'
import { variableName } from '../graph/schema.ts'
import { value } from '../values/value.ts'

/** Sets one variable; made if it does not exist yet. */
export const assignVariable = defineNode({
  type: 'assign-variable',
  version: 1,
  menu: ['basic'],
  icon: 'equal',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({
    name: variableName.meta({ control: 'variable-name' }),
    value: value.meta({ control: 'value' }),
  }),
  defaults: () => ({ name: 'variable', value: { kind: 'fixed' as const, value: '' } }),
  result: null,
  assigns: ({ name, value }, shapeOf) => ({ [name]: shapeOf(value) }),
})
