import { z } from 'zod'
import { defineNode } from '../define.ts'
import { value } from '../values/value.ts'

/** Ends the run with an answer. Without a value the run answers `null`. */
export const returnNode = defineNode({
  type: 'return',
  version: 1,
  menu: ['basic'],
  icon: 'corner-down-left',
  input: 'in',
  outputs: [],
  params: z.strictObject({ value: value.optional().meta({ control: 'value' }) }),
  defaults: () => ({}),
  result: null,
})
