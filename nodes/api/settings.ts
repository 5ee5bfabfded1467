import { z } from 'zod'
import { hostName } from '../secrets.ts'

/** An origin, or an origin and a path, under which the internet reaches the server. */
export const publicUrl = z.string().trim().max(500).refine(isPublicUrl, { error: 'publicUrl' })

function isPublicUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.search === '' &&
    url.hash === ''
  )
}

/** A host, an address or a CIDR block that graphs may call though it is not the public internet. */
export const egressEntry = z.union([z.cidrv4(), z.cidrv6(), z.ipv6(), hostName], { error: 'egressEntry' })
export const egressAllow = z.array(egressEntry).max(100)

/** Days that ended runs are kept. Below that a repeated request could start a second run: see `Idempotency-Key`. */
export const retentionDays = z.int().min(8).max(3_650)
export const RETENTION_DAYS = 90

/** Days that entries of the audit log are kept. */
export const auditDays = z.int().min(30).max(3_650)
export const AUDIT_DAYS = 730

export const serverSettings = z.object({
  /** Null: receipts and answers reach nobody but the sandbox. */
  publicUrl: z.string().nullable(),
  /** True where it was given at the start and cannot be changed here. */
  publicUrlGiven: z.boolean(),
  /** Hosts, addresses and CIDR blocks beside the public internet that HTTP requests of graphs may reach. */
  egressAllow: z.array(z.string()),
  /** True where they were given at the start and cannot be changed here. */
  egressAllowGiven: z.boolean(),
  /** Days that ended runs, their messages and inbox entries are kept; null: for ever. */
  retentionDays: retentionDays.nullable(),
  /** Days that entries of the audit log are kept; null: for ever. */
  auditDays: auditDays.nullable(),
})
export type ServerSettingsView = z.infer<typeof serverSettings>
/** What is left out stays. */
export const writeServerSettings = z.strictObject({
  publicUrl: publicUrl.nullable().optional(),
  egressAllow: egressAllow.optional(),
  retentionDays: retentionDays.nullable().optional(),
  auditDays: auditDays.nullable().optional(),
})

/** An address that a provider calls. */
export const callbackAddress = z.object({
  kind: z.enum(['status', 'inbound', 'report', 'up']),
  url: z.string(),
  /** True where the provider gets the address with each text; otherwise it is typed into the provider's console. */
  automatic: z.boolean(),
})
export type CallbackAddress = z.infer<typeof callbackAddress>
