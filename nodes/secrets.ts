import { z } from 'zod'

/** The name of a stored secret; graphs hold nothing else of it. It cannot be changed. */
export const secretName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'secretName' })

const label = '[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?'

/** A host name or an IPv4 address, in small letters and without a dot at the end. */
export const hostName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(new RegExp(`^${label}(?:\\.${label})*$`), { error: 'hostName' })
