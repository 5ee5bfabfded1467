import { z } from 'zod'
import { defineNode } from '../define.ts'

/** A note on the canvas. Takes no part in a run, so it has no executor. */
export const comment = defineNode({
  type: 'comment',
  version: 1,
  menu: ['basic'],
  icon: 'sticky-note',
  input: null,
  outputs: [],
  params: z.strictObject({ text: z.string().max(2_000).default('').meta({ control: 'textarea' }) }),
  defaults: () => ({ text: '' }),
  result: null,
})
