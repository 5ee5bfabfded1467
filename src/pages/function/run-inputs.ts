import type { Graph, GraphInput } from '../../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../../nodes/json.ts'
import { isDirectoryType } from '../../../nodes/directory/directory-value.ts'
import { formatTyped, parseTyped } from '../../forms/typed-values.ts'
import { writeStored } from '../../stores/storage.ts'

/** Where the form keeps what was typed for a function. */
export const storedUnder = (functionName: string) => `run-input.${functionName}`

/** Has the form begin with the input of a run. */
export function keepForForm(functionName: string, input: Json): void {
  const given = Object.entries((input ?? {}) as JsonObject).filter(([, value]) => value !== null)
  const typed = Object.fromEntries(given.map(([name, value]) => [name, formatTyped(value)]))
  writeStored(storedUnder(functionName), JSON.stringify(typed))
}

/** What stands in the fields of the run form, by input name. */
export type TypedInputs = Record<string, string>

/**
 * The form's start: what was typed last time for this function, otherwise the defaults. What was typed before an input
 * was made one for people names nobody.
 */
export function startInputs(inputs: readonly GraphInput[], last: Readonly<TypedInputs> = {}): TypedInputs {
  return Object.fromEntries(
    inputs.map((input) => [
      input.name,
      Object.hasOwn(last, input.name) && canStand(input, last[input.name]!)
        ? last[input.name]!
        : startText(input),
    ]),
  )
}

function canStand({ type }: GraphInput, text: string): boolean {
  return text === '' || !isDirectoryType(type) || parseTyped(type, text).ok
}

function startText(input: GraphInput): string {
  if (input.default === undefined) return input.type === 'boolean' ? 'false' : ''
  return formatTyped(input.default)
}

/** Either the body of the run, or for each refused field the key of a text below `function.typed`. */
export type ReadInputs = { ok: true; input: JsonObject } | { ok: false; errors: Record<string, string> }

/** What can be read of a form that is being filled in. */
export function readableInputs(inputs: Graph['inputs'], typed: Readonly<TypedInputs>): JsonObject {
  const input: JsonObject = {}
  for (const { name, type } of inputs) {
    const text = typed[name] ?? ''
    const parsed = text.trim() === '' ? null : parseTyped(type, text)
    if (parsed?.ok) input[name] = parsed.value
  }
  return input
}

/** Reads the form. An empty optional field is left out, so that its default counts. */
export function readInputs(inputs: Graph['inputs'], typed: Readonly<TypedInputs>): ReadInputs {
  const input: JsonObject = {}
  const errors: Record<string, string> = {}
  for (const each of inputs) {
    const text = typed[each.name] ?? ''
    if (text.trim() === '') {
      if (each.required && each.default === undefined) errors[each.name] = 'required'
      continue
    }
    const parsed = parseTyped(each.type, text)
    if (parsed.ok) input[each.name] = parsed.value
    else errors[each.name] = parsed.key
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, input }
}
