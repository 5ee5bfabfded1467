import { egressAllow } from '../../nodes/api/settings.ts'
import type { Environment } from '../secrets/master-key.ts'

/**
 * Reads `SMS_LOGIC_EGRESS_ALLOW`: hosts, addresses and CIDR blocks with commas or spaces between them.
 * @returns nothing where it is not set; an empty text allows nothing, whatever the page says
 * @throws TypeError naming what cannot be read
 */
export function readEgressAllow({
  SMS_LOGIC_EGRESS_ALLOW: text,
}: Environment): readonly string[] | undefined {
  if (text === undefined) return undefined
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  const parsed = egressAllow.safeParse(entries)
  if (parsed.success) return parsed.data
  const wrong = entries[Number(parsed.error.issues[0]?.path[0] ?? 0)]
  throw new TypeError(
    `SMS_LOGIC_EGRESS_ALLOW names hosts, addresses and networks such as crm.internal or 10.2.0.0/16, not "${wrong}"`,
  )
}
