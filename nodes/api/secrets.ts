import { z } from 'zod'
import { hostName, secretName } from '../secrets.ts'
import { secretState } from './elements.ts'

/** A secret for HTTP requests, as far as anybody gets to see it. */
export const secret = z.object({
  name: z.string(),
  /** The only hosts that it is ever sent to. */
  hosts: z.array(z.string()),
  state: secretState,
  updated: z.string(),
})
export type Secret = z.infer<typeof secret>

/** What stands in a header, or where it is kept: `env:NAME`, `file:PATH`. */
const secretValue = z
  .string()
  .trim()
  .min(4)
  .max(4_096)
  .regex(/^[\x20-\x7e]*$/, { error: 'secretValue' })
const hosts = z.array(hostName).min(1).max(20)

export const createSecret = z.strictObject({ name: secretName, hosts, value: secretValue })

/** The value is typed again each time: it was given for the hosts before. */
export const replaceSecret = z.strictObject({ hosts, value: secretValue })
