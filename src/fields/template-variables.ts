import { variableName } from '../../nodes/graph/schema.ts'
import type { Value } from '../../nodes/values/value.ts'

/** One row of the template variables form. */
export interface VariableRow {
  name: string
  value: Value
  /** True where the template has this placeholder; others are kept, since their text may come back. */
  used: boolean
}

/** What a new row starts with: an empty fixed text. */
export function emptyValue(): Value {
  return { kind: 'fixed', value: '' }
}

/**
 * The rows of a template: one per placeholder in its order, then what else was filled in before.
 * @param placeholders names that the template uses; `null`: the text is not known here (it lives at the provider)
 */
export function variableRows(
  placeholders: readonly string[] | null,
  values: Readonly<Record<string, Value>>,
): VariableRow[] {
  const names = new Set([...(placeholders ?? []), ...Object.keys(values)])
  return [...names].map((name) => ({
    name,
    value: Object.hasOwn(values, name) ? values[name]! : emptyValue(),
    used: placeholders === null || placeholders.includes(name),
  }))
}

/**
 * What is saved when the form is closed: a value for every placeholder, and nothing that the template does not use.
 * Where the placeholders are not known, everything stays.
 * @param given placeholders that need no value
 */
export function keepUsedVariables(
  placeholders: readonly string[] | null,
  values: Readonly<Record<string, Value>>,
  given: readonly string[] = [],
): Record<string, Value> {
  const names = (placeholders ?? Object.keys(values)).filter((name) => !given.includes(name))
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(values, name) ? values[name]! : emptyValue()]),
  )
}

/** Gives each placeholder that has no value yet the input or variable of the same name, where there is one. */
export function withNamesakes(
  placeholders: readonly string[],
  values: Readonly<Record<string, Value>>,
  known: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  const open = placeholders.filter((name) => known.has(name) && !Object.hasOwn(values, name))
  if (open.length === 0) return values
  return { ...values, ...Object.fromEntries(open.map((path) => [path, { kind: 'variable', path }])) }
}

/** Renames a row in place, so that the order of the form stays; a name that is taken changes nothing. */
export function renameVariable(
  values: Readonly<Record<string, Value>>,
  from: string,
  to: string,
): Record<string, Value> {
  if (from === to || Object.hasOwn(values, to)) return { ...values }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name === from ? to : name, value]))
}

/** The placeholder for a value that is put into the text: of a variable the last part of its path; one that is free. */
export function placeholderFor(value: Value, values: Readonly<Record<string, Value>>): string {
  const last = value.kind === 'variable' ? value.path.split('.').at(-1)! : 'value'
  const base = variableName.safeParse(last).success ? last : 'value'
  const isFree = (name: string) =>
    !Object.hasOwn(values, name) || JSON.stringify(values[name]) === JSON.stringify(value)
  let name = base
  for (let number = 2; !isFree(name); number++) name = `${base}${number}`
  return name
}
