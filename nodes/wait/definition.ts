import { z } from 'zod'
import { defineNode } from '../define.ts'
import type { Problem } from '../graph/problems.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'

export const waitUnits = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const

/** Goes on after a time, or at a moment. What waits is on disk: restarts do not matter. */
export const wait = defineNode({
  type: 'wait',
  version: 1,
  menu: ['flow'],
  icon: 'hourglass',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({
    mode: z.enum(['for', 'until']).default('for').meta({ control: 'select' }),
    /** With `for`: how many units. */
    amount: value.optional().meta({ control: 'wait-amount' }),
    unit: z.enum(['seconds', 'minutes', 'hours', 'days']).default('minutes').meta({ control: 'wait-unit' }),
    /** With `until`: a date-time, for example `2030-01-31T08:00:00+08:00`. One that is over does not wait. */
    until: value.optional().meta({ control: 'wait-until' }),
  }),
  defaults: () => ({
    mode: 'for' as const,
    amount: { kind: 'fixed' as const, value: 10 },
    unit: 'minutes' as const,
  }),
  result: null,
  wants: (path, { mode }) => {
    if (path === 'amount' && mode !== 'until') return wanted.number
    return path === 'until' && mode === 'until' ? wanted.datetime : undefined
  },
  check: ({ mode, amount, until }): Problem[] => {
    const field = mode === 'for' ? 'amount' : 'until'
    if (mode === 'for' ? amount : until) return []
    return [{ severity: 'error', key: 'paramRequired', field, params: { field } }]
  },
})
