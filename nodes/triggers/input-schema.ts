import { directoryTypes, isDirectoryType } from '../directory/directory-value.ts'
import type { GraphInput, ValueType } from '../graph/schema.ts'
import type { Json, JsonObject } from '../json.ts'

/** The JSON Schema of the inputs of a function, for whoever calls it: what `checkInput` of the runtime takes. */
export function inputSchema(inputs: readonly GraphInput[]): JsonObject {
  const required = inputs.filter((input) => input.required && input.default === undefined)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(inputs.map((input) => [input.name, propertyOf(input)])),
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    additionalProperties: false,
  }
}

function propertyOf({ title, type, default: preset }: GraphInput): Json {
  return {
    ...(title !== '' && { title }),
    ...typeSchema(type),
    ...(preset !== undefined && { default: preset }),
  }
}

function typeSchema(type: ValueType): JsonObject {
  if (isDirectoryType(type)) {
    const { kind, isList } = directoryTypes[type]
    return isList ? { type: 'array', items: entry(kind) } : entry(kind)
  }
  switch (type) {
    case 'text':
      return { type: 'string' }
    case 'number':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    case 'datetime':
      return { type: 'string', description: 'A date or time such as 2026-08-01T09:30:00Z' }
    case 'phone':
      return { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' }
    case 'list':
      return { type: 'array' }
    case 'object':
      return { type: 'object' }
  }
}

/** Somebody of the directory, by id. */
function entry(kind: string): JsonObject {
  return {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        properties: { kind: { const: kind }, id: { type: 'string' } },
        required: ['kind', 'id'],
      },
    ],
  }
}
