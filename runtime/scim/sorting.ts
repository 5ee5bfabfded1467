import type { ListQuery } from './list-response.ts'
import { ScimError } from './scim-error.ts'

/**
 * What stands behind ORDER BY for `sortBy` and `sortOrder`. Whoever has no value comes last in ascending order and first
 * in descending order.
 * @param columns SQL by attribute, in lower case
 * @param id column that tells equal ones apart, and the order where none is asked for
 * @throws ScimError `invalidPath`
 * @see RFC 7644, section 3.4.2.3
 */
export function orderBy(
  { sortBy, sortOrder }: Pick<ListQuery, 'sortBy' | 'sortOrder'>,
  columns: Readonly<Record<string, string>>,
  id: string,
): string {
  if (sortBy === undefined) return id
  const attribute = sortBy
    .trim()
    .replace(/^urn:.*:/i, '')
    .toLowerCase()
  const column = Object.hasOwn(columns, attribute) ? columns[attribute]! : undefined
  if (column === undefined) throw new ScimError('invalidPath', `Nothing is sorted by "${sortBy}"`)
  const direction = sortOrder === 'descending' ? 'DESC' : 'ASC'
  return `${column} IS NULL ${direction}, ${column} ${direction}, ${id}`
}
