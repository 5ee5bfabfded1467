import type { JsonObject } from '../json.ts'
import { httpRequest } from './definition.ts'

/** The secrets that a node's headers name. */
export function secretNames(params: JsonObject): string[] {
  const headers = httpRequest.params.shape.headers.safeParse(params.headers)
  if (!headers.success) return []
  return headers.data.flatMap(({ value }) => (value.kind === 'secret' ? [value.secret] : []))
}
