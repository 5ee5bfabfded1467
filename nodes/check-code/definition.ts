import { z } from 'zod'
import { defineNode } from '../define.ts'
import { codePurpose } from '../send-code/definition.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'

const params = z.strictObject({
  /** `challenge` of the step that sent it. */
  challenge: value.meta({ control: 'text-value' }),
  /** As somebody typed it. */
  code: value.meta({ control: 'text-value' }),
  purpose: codePurpose,
})

/** Service > Verification Code > Check: whether a code is right, once. Used, old and unknown codes are wrong alike. */
export const checkCode = defineNode({
  type: 'check-code',
  version: 1,
  menu: ['service', 'verification-code'],
  icon: 'shield-check',
  input: 'in',
  outputs: ['right', 'wrong'],
  isChoice: true,
  params,
  defaults: () => ({
    challenge: { kind: 'fixed' as const, value: '' },
    code: { kind: 'fixed' as const, value: '' },
  }),
  result: z.object({ right: z.boolean() }),
  wants: (path) => (path === 'challenge' || path === 'code' ? wanted.writable : undefined),
})
