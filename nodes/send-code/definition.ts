import { z } from 'zod'
import { defineNode } from '../define.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'

/** What a code opens; a code that was made for something else is wrong. */
export const codePurpose = z.string().trim().max(100).default('').meta({ control: 'text' })

const params = z.strictObject({
  /** Id of a login method: its service, words, countries and caps are those of the code. */
  method: z.string().min(1).max(100).meta({ control: 'login-method' }),
  /** The number, as somebody typed it. */
  phone: value.meta({ control: 'text-value' }),
  purpose: codePurpose,
})

export const sentCode = z.object({
  /** Names the code where it is checked. */
  challenge: z.string(),
  expiresInSeconds: z.int(),
  /** Until the same number may get another one; also of a code that was refused. */
  resendInSeconds: z.int(),
  /** Only of a code that was refused: the number takes no code, or too many were asked for. */
  reason: z.enum(['number', 'too-many']).optional(),
})

/** Service > Verification Code > Send: texts a code that proves a number. */
export const sendCode = defineNode({
  type: 'send-code',
  version: 1,
  menu: ['service', 'verification-code'],
  icon: 'message-square-lock',
  input: 'in',
  outputs: ['sent', 'refused', 'failed'],
  params,
  defaults: () => ({ method: '', phone: { kind: 'fixed' as const, value: '' } }),
  result: sentCode,
  wants: (path) => (path === 'phone' ? wanted.writable : undefined),
})
