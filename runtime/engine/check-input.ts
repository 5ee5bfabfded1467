import { directoryTypes, isDirectoryType, readDirectoryValue } from '../../nodes/directory/directory-value.ts'
import type { DirectoryType } from '../../nodes/directory/directory-value.ts'
import { ErrorCode, FieldsError } from '../../nodes/errors.ts'
import type { FieldProblem } from '../../nodes/errors.ts'
import type { GraphInput, ValueType } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'

/**
 * Checks what a caller passed against the graph's inputs and fills in defaults. Whether the directory has whom an input
 * names is for `nameEntries` to say.
 * @throws FieldsError `INPUT_INVALID`, naming every input that is missing, unknown or of the wrong type
 */
export function checkInput(inputs: readonly GraphInput[], given: JsonObject): JsonObject {
  const problems: FieldProblem[] = []
  const checked: JsonObject = {}
  for (const input of inputs) {
    const value = Object.hasOwn(given, input.name) ? given[input.name]! : (input.default ?? null)
    if (isEmpty(value, input.type)) {
      if (input.required) {
        problems.push({ path: input.name, message: `${input.name} is required`, key: 'required' })
      }
      checked[input.name] = value
    } else if (!fits(input.type, value)) {
      problems.push({
        path: input.name,
        message: `${input.name} must be ${wanted(input.type)}`,
        key: `input.${input.type}`,
      })
    } else {
      checked[input.name] = value
    }
  }
  const known = new Set(inputs.map((input) => input.name))
  for (const name of Object.keys(given)) {
    if (known.has(name)) continue
    problems.push({
      path: name,
      message: `${name} is not an input of this function`,
      key: 'input.unknown',
    })
  }
  if (problems.length > 0) {
    throw new FieldsError(
      ErrorCode.InputInvalid,
      `The input does not fit: ${problems.map(({ message }) => message).join('; ')}`,
      problems,
      {
        hint:
          inputs.length === 0
            ? 'This function takes no input: send {}.'
            : `The inputs are: ${inputs.map((input) => `${input.name} (${input.type})`).join(', ')}.`,
      },
    )
  }
  return checked
}

/** Nobody in a list of people is as good as no list. */
function isEmpty(value: Json, type: ValueType): boolean {
  return (
    value === null || value === '' || (Array.isArray(value) && value.length === 0 && isDirectoryType(type))
  )
}

function fits(type: ValueType, value: Json): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'datetime':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
    case 'phone':
      return typeof value === 'string' && /^\+[1-9]\d{6,14}$/.test(value)
    case 'list':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
    default:
      return readDirectoryValue(type, value) !== undefined
  }
}

function wanted(type: ValueType): string {
  return isDirectoryType(type) ? wantedEntry(type) : wantedTexts[type]
}

const wantedTexts: Record<Exclude<ValueType, DirectoryType>, string> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  datetime: 'a date or time such as 2026-08-01T09:30:00Z',
  phone: 'a phone number such as +447700900123',
  list: 'a list',
  object: 'an object',
}

function wantedEntry(type: DirectoryType): string {
  const { kind, isList } = directoryTypes[type]
  const entry = `the id of ${kind === 'organisation-role' ? 'an' : 'a'} ${kind}, or {"kind":"${kind}","id":"…"}`
  return isList ? `a list, each of it ${entry}` : entry
}
