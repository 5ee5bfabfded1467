import { z } from 'zod'
import { defineNode } from '../define.ts'

export const parallelBranch = z.strictObject({
  /** The port's name; stays when branches are moved. */
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .refine((id) => id !== 'done' && id !== 'error'),
  title: z.string().max(100).default(''),
})
export type ParallelBranch = z.infer<typeof parallelBranch>

/** Walks several branches at the same time, and goes on when all have ended, or the first one has. */
export const parallel = defineNode({
  type: 'parallel',
  version: 1,
  menu: ['flow'],
  icon: 'git-fork',
  input: 'in',
  outputs: (params) => [...(params.branches ?? []).map(({ id }) => id), 'done'],
  bodies: (params) => (params.branches ?? []).map(({ id }) => id),
  params: z.strictObject({
    branches: z.array(parallelBranch).min(2).max(20).meta({ control: 'parallel-branches' }),
    /** `first`: the other branches are stopped; their waits end, and texts that have not left are cancelled. */
    join: z.enum(['all', 'first']).default('all').meta({ control: 'select' }),
  }),
  defaults: () => ({
    branches: [
      { id: 'branch-1', title: '' },
      { id: 'branch-2', title: '' },
    ],
  }),
  bodiesAllEnd: ({ join }) => join !== 'first',
  result: z.object({
    /** With `first`: the port of the branch that ended first. */
    first: z.string().optional(),
  }),
})
