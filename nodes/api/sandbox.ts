import { z } from 'zod'
import { smsProviderName } from '../services/sms/settings.ts'

/** What the emulator of one provider does to its next requests. */
export const sandboxFault = z.enum([
  'none',
  'throttle',
  'delay',
  'reset-before',
  'reset-after',
  'half-answer',
  'garbage',
  'silent',
  'server-error',
])
export type SandboxFault = z.infer<typeof sandboxFault>

/** What becomes of texts to a number, and how their receipts come. */
export const sandboxReceipts = z.strictObject({
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'phone' }),
  delivery: z.enum(['delivered', 'undelivered', 'failed', 'none']),
  order: z.enum(['in-order', 'reversed']).default('in-order'),
  /** How often each receipt comes. */
  repeat: z.int().min(1).max(10).default(1),
})
export type SandboxReceipts = z.infer<typeof sandboxReceipts>

export const sandboxAnswer = z.strictObject({
  phone: z.string().min(1).max(20),
  text: z.string().trim().min(1).max(1_600),
})

export const sandboxMessage = z.object({
  id: z.string().describe("The provider's message id"),
  provider: smsProviderName,
  to: z.string(),
  from: z.string(),
  text: z.string(),
  at: z.string(),
  segments: z.int(),
})
export type SandboxMessage = z.infer<typeof sandboxMessage>

export const sandboxInfo = z.object({
  running: z.boolean(),
  /** Where the emulators listen, for programs and `endpoint` settings. */
  url: z.string().nullable(),
  /** Settings that make a service of each provider talk to the sandbox, credentials included. */
  services: z.record(z.string(), z.record(z.string(), z.json())),
  /** Templates that the Alibaba emulator knows. */
  templates: z.array(z.object({ code: z.string(), text: z.string() })),
  /** Numbers whose texts do not simply arrive. */
  receipts: z.array(sandboxReceipts),
  faults: z.record(z.string(), z.object({ fault: sandboxFault, remaining: z.int() })),
})
export type SandboxInfo = z.infer<typeof sandboxInfo>

export const setSandboxFault = z.strictObject({
  provider: smsProviderName,
  fault: sandboxFault,
  /** How many requests it hits; 1 unless said otherwise. */
  count: z.int().min(1).max(100_000).default(1),
})
