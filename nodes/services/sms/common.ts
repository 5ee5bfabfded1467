import { z } from 'zod'

/** `sandbox` stands for the local emulator wherever it listens; otherwise an `http(s)://host[:port]` origin. */
export const SANDBOX_ENDPOINT = 'sandbox'
export const endpoint = z
  .union([z.literal(SANDBOX_ENDPOINT), z.url({ protocol: /^https?$/ })])
  .optional()
  .meta({ advanced: true, placeholder: 'https://…' })

export const concurrency = z.int().min(1).max(1_000).default(64).meta({ advanced: true })

/** Secrets are write-only: a string here was typed just now or decrypted for a send. */
export const secret = z.string().trim().min(1).max(500)
