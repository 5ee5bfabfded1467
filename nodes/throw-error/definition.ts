import { z } from 'zod'
import { defineNode } from '../define.ts'
import { value } from '../values/value.ts'

/** Fails on purpose, with a message of the author. */
export const throwError = defineNode({
  type: 'throw-error',
  version: 1,
  menu: ['flow'],
  icon: 'octagon-alert',
  input: 'in',
  outputs: [],
  params: z.strictObject({ message: value.meta({ control: 'text-lines' }) }),
  defaults: () => ({ message: { kind: 'fixed' as const, value: '' } }),
  result: null,
})
