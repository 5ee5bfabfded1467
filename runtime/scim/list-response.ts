import type { JsonObject } from '../../nodes/json.ts'
import { MAX_RESULTS } from './schemas.ts'

export interface ListQuery {
  filter?: string | undefined
  /** Counted from 1. */
  startIndex: number
  count: number
  sortBy?: string | undefined
  sortOrder?: 'ascending' | 'descending' | undefined
  attributes?: string | undefined
  excludedAttributes?: string | undefined
}

/** @see RFC 7644, section 3.4.2 */
export function listResponse(resources: JsonObject[], totalResults: number, startIndex: number): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** The page that is asked for; numbers out of range mean the nearest that makes sense. */
export function pageOf({ startIndex, count }: ListQuery): {
  offset: number
  limit: number
  startIndex: number
} {
  const first = Math.max(1, startIndex)
  return { offset: first - 1, limit: Math.min(Math.max(0, count), MAX_RESULTS), startIndex: first }
}

/** True where the answer should carry this attribute. */
export function wants(
  query: Pick<ListQuery, 'attributes' | 'excludedAttributes'>,
  attribute: string,
): boolean {
  const names = (list: string | undefined) =>
    (list ?? '').split(',').map((name) => name.trim().toLowerCase().split('.')[0])
  if (query.attributes) return names(query.attributes).includes(attribute.toLowerCase())
  return !names(query.excludedAttributes).includes(attribute.toLowerCase())
}

const always: ReadonlySet<string> = new Set(['schemas', 'id', 'meta'])

/** The resource with the attributes that are asked for. */
export function select(
  resource: JsonObject,
  query: Pick<ListQuery, 'attributes' | 'excludedAttributes'>,
): JsonObject {
  if (!query.attributes && !query.excludedAttributes) return resource
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => always.has(name) || wants(query, name)),
  )
}
