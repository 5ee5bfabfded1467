import { z } from 'zod'
import { defineNode } from '../define.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'
import type { Value } from '../values/value.ts'

export const branch = z.strictObject({
  /** The port's name; stays when branches are moved. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z.string().max(100).default(''),
  /** Must give true or false. */
  when: value,
})
export type Branch = z.infer<typeof branch>

/** Takes the first branch whose condition is true, `otherwise` where none is. */
export const condition = defineNode({
  type: 'condition',
  version: 1,
  menu: ['flow'],
  icon: 'split',
  input: 'in',
  outputs: (params) => [...(params.branches ?? []).map((each) => each.id), 'otherwise'],
  isChoice: true,
  params: z.strictObject({ branches: z.array(branch).min(1).max(50).meta({ control: 'branches' }) }),
  defaults: () => ({
    branches: [{ id: 'branch-1', title: '', when: { kind: 'formula' as const, source: 'true' } }],
  }),
  result: null,
  wants: () => wanted.boolean,
  branchAnswers: ({ branches }, port) => {
    const taken = branches.findIndex(({ id }) => id === port)
    const earlier = taken < 0 ? branches : branches.slice(0, taken)
    return [
      ...earlier.map(({ when }): [typeof when, boolean] => [when, false]),
      ...(taken < 0 ? [] : [[branches[taken]!.when, true] satisfies [Value, boolean]]),
    ]
  },
})
