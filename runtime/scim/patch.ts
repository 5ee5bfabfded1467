import { z } from 'zod'
import { isForbiddenKey } from '../../nodes/json.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { withoutSchema } from './filter.ts'
import { ScimError } from './scim-error.ts'

/** The body of a PATCH. Entra ID writes `Add`, `Replace` and `Remove` with a capital. */
export const patchBody = z.object({
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(500).optional(),
        value: z.json().optional(),
      }),
    )
    .min(1)
    .max(1_000),
})
export type PatchOperation = z.output<typeof patchBody>['Operations'][number]

/** Where an operation works: `emails[type eq "work"].value`. */
export interface PatchPath {
  attribute: string
  filter: { attribute: string; value: string } | undefined
  sub: string | undefined
}

const written =
  /^([A-Za-z$][\w$-]*)(?:\[\s*([A-Za-z]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*\])?(?:\.([A-Za-z$][\w$-]*))?$/i

/** @returns nothing for an attribute of an extension, which is not kept here. @throws ScimError `invalidPath` */
export function parsePath(path: string): PatchPath | undefined {
  const plain = withoutSchema(path.trim())
  if (/^urn:/i.test(plain)) return undefined
  const match = written.exec(plain)
  if (!match) throw new ScimError('invalidPath', `This path cannot be read: ${path.slice(0, 200)}`)
  const [, attribute, filterAttribute, literal, sub] = match
  if ([attribute, filterAttribute, sub].some((name) => name !== undefined && isForbiddenKey(name))) {
    throw new ScimError('invalidPath', 'This path is not allowed')
  }
  const filter =
    filterAttribute === undefined ? undefined : { attribute: filterAttribute, value: readLiteral(literal!) }
  return { attribute: attribute!, filter, sub }
}

function readLiteral(literal: string): string {
  if (!literal.startsWith('"')) return literal
  try {
    return JSON.parse(literal) as string
  } catch {
    throw new ScimError('invalidPath', 'The value of the filter cannot be read')
  }
}

/** Operations one value at a time: one without a path holds an object of paths and values. */
export function* flatten(
  operations: readonly PatchOperation[],
): Generator<{ op: PatchOperation['op']; path: PatchPath; value: Json | undefined }> {
  for (const { op, path, value } of operations) {
    if (path !== undefined) {
      const parsed = parsePath(path)
      if (parsed) yield { op, path: parsed, value }
      continue
    }
    if (op === 'remove') throw new ScimError('noTarget', 'An operation "remove" needs a path')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ScimError('invalidValue', 'An operation without a path needs an object of attributes')
    }
    for (const [key, each] of Object.entries(value)) {
      const parsed = parsePath(key)
      if (parsed) yield { op, path: parsed, value: each }
    }
  }
}

/**
 * Applies operations to a resource and returns the changed copy.
 * @param nameOf the attribute as the schema spells it; nothing for one that is not known, which is passed over
 */
export function applyPatch(
  resource: JsonObject,
  operations: readonly PatchOperation[],
  nameOf: (attribute: string) => string | undefined,
): JsonObject {
  const changed = structuredClone(resource)
  for (const { op, path, value } of flatten(operations)) {
    const name = nameOf(path.attribute)
    if (name === undefined) continue
    if (op === 'remove') remove(changed, name, path)
    else if (value === undefined) throw new ScimError('invalidValue', `The value for "${name}" is missing`)
    else write(changed, name, path, op, value)
  }
  return changed
}

function write(
  resource: JsonObject,
  name: string,
  path: PatchPath,
  op: 'add' | 'replace',
  value: Json,
): void {
  const before = resource[name]
  if (path.filter) {
    const list = Array.isArray(before) ? before : []
    resource[name] = list
    const matching = list.filter((each) => isMatch(each, path.filter!))
    if (matching.length === 0) {
      // Entra ID changes an address by its type before there is one
      const made: JsonObject = { [path.filter.attribute]: path.filter.value }
      list.push(made)
      matching.push(made)
    }
    for (const each of matching) setIn(each as JsonObject, path.sub, value)
  } else if (path.sub !== undefined) {
    const target = isObject(before) ? before : {}
    resource[name] = target
    target[path.sub] = value
  } else if (op === 'add' && Array.isArray(before)) {
    const known = new Set(before.map(keyOf))
    const added = (Array.isArray(value) ? value : [value]).filter((each) => !known.has(keyOf(each)))
    resource[name] = [...before, ...added]
  } else if (isObject(before) && isObject(value)) {
    Object.assign(before, value)
  } else {
    resource[name] = value
  }
}

function remove(resource: JsonObject, name: string, { filter, sub }: PatchPath): void {
  const before = resource[name]
  if (filter) {
    if (!Array.isArray(before)) return
    if (sub === undefined) resource[name] = before.filter((each) => !isMatch(each, filter))
    else for (const each of before) if (isMatch(each, filter)) delete (each as JsonObject)[sub]
  } else if (sub !== undefined) {
    if (isObject(before)) delete before[sub]
  } else {
    delete resource[name]
  }
}

function setIn(target: JsonObject, sub: string | undefined, value: Json): void {
  if (sub !== undefined) target[sub] = value
  else if (isObject(value)) Object.assign(target, value)
  else throw new ScimError('invalidValue', 'An element of a list is an object')
}

function isMatch(element: Json, filter: { attribute: string; value: string }): boolean {
  return (
    isObject(element) && String(element[filter.attribute] ?? '').toLowerCase() === filter.value.toLowerCase()
  )
}

/** What tells the elements of a list apart. */
function keyOf(element: Json): string {
  return isObject(element) ? String(element['value'] ?? JSON.stringify(element)) : JSON.stringify(element)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
