import { ScimError } from './scim-error.ts'

/** `attribute eq value`; the attribute in lower case, without its schema and without `[type eq …]`. */
export interface Comparison {
  attribute: string
  value: string | boolean
}

const comparison =
  /^\s*([A-Za-z][\w:.$-]*)(?:\[\s*type\s+eq\s+"[^"\\]*"\s*\](?:\.([A-Za-z]+))?)?\s+(\w+)(?:\s+("(?:[^"\\]|\\.)*"|true|false))?(?:\s+and\s+|\s*$)/i

/**
 * Reads a filter: comparisons by `eq`, joined by `and`, as identity providers send them to find one user or group.
 * @throws ScimError `invalidFilter` for everything else of the language
 */
export function parseFilter(text: string): Comparison[] {
  const comparisons: Comparison[] = []
  for (let rest = text; rest.trim() !== '';) {
    const match = comparison.exec(rest)
    if (!match) throw new ScimError('invalidFilter', `This filter cannot be read: ${text.slice(0, 200)}`)
    const [whole, path, sub, operator, literal] = match
    if (operator!.toLowerCase() !== 'eq' || literal === undefined) {
      throw new ScimError('invalidFilter', `Filters compare by "eq" here, not by "${operator}"`)
    }
    const attribute = withoutSchema(sub === undefined ? path! : `${path}.${sub}`).toLowerCase()
    comparisons.push({ attribute, value: readLiteral(literal, text) })
    rest = rest.slice(whole.length)
  }
  if (comparisons.length === 0) throw new ScimError('invalidFilter', 'The filter is empty')
  return comparisons
}

/** `urn:ietf:params:scim:schemas:core:2.0:User:userName` → `userName` */
export function withoutSchema(path: string): string {
  return path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(User|Group):/i, '')
}

function readLiteral(literal: string, text: string): string | boolean {
  try {
    return JSON.parse(literal.startsWith('"') ? literal : literal.toLowerCase()) as string | boolean
  } catch {
    throw new ScimError('invalidFilter', `This filter cannot be read: ${text.slice(0, 200)}`)
  }
}
