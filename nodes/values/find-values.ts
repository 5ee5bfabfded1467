import type { Json } from '../json.ts'
import { value as valueSchema } from './value.ts'
import type { Value } from './value.ts'

/** Every value inside a node's parameters with its path (`variables/device`), whatever the node's type. */
export function findValues(params: Json, path: readonly string[] = []): { value: Value; path: string }[] {
  if (typeof params !== 'object' || params === null) return []
  if (!Array.isArray(params) && typeof params.kind === 'string') {
    const parsed = valueSchema.safeParse(params)
    if (parsed.success) return [{ value: parsed.data, path: path.join('/') }]
  }
  return Object.entries(params).flatMap(([key, member]) => findValues(member, [...path, key]))
}
