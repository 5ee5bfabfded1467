import { z } from 'zod'
import { defineNode } from '../define.ts'

/** Where a run begins. The inputs belong to the graph, not to this node, so that a caller finds them at the top of the file. */
export const start = defineNode({
  type: 'start',
  version: 1,
  menu: ['basic'],
  icon: 'play',
  input: null,
  outputs: ['next'],
  params: z.strictObject({}),
  defaults: () => ({}),
  result: null,
  limit: 1,
})
