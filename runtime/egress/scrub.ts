import type { Json } from '../../nodes/json.ts'

/** Stands where a secret was. */
const SCRUBBED = '•••'

export type Scrub = (text: string) => string

/**
 * Makes texts fit to be kept and shown: where one repeats a secret, as it is or as JSON, URL or base64 spell it, the
 * secret is taken out. A server that echoes its requests would otherwise put secrets into the history of runs.
 */
export function scrubber(secrets: readonly string[]): Scrub {
  const spellings = secrets.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ])
  // the longest first: one spelling may hold another
  const ordered = [...new Set(spellings)].sort((a, b) => b.length - a.length)
  return (text) => ordered.reduce((rest, spelling) => rest.replaceAll(spelling, SCRUBBED), text)
}

/** The same for every text inside a value. */
export function scrubJson(value: Json, scrub: Scrub): Json {
  if (typeof value === 'string') return scrub(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => scrubJson(item, scrub))
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [scrub(key), scrubJson(member, scrub)]),
  )
}
