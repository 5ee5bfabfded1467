import { ref } from 'vue'
import { INITIATOR } from '../../nodes/approval/process.ts'
import type { GraphInput } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { ApiError } from '../api/api-error.ts'
import { formatTyped } from '../forms/typed-values.ts'
import { useI18n } from '../i18n/index.ts'
import { readableInputs, readInputs, startInputs, type TypedInputs } from '../pages/function/run-inputs.ts'

/** The form of a request while it is filled in. */
export function useRequestForm(all: readonly GraphInput[], given: JsonObject = {}) {
  const { t, has } = useI18n()
  /** Who initiates is known. */
  const inputs = all.filter(({ name }) => name !== INITIATOR)
  const typed = ref<TypedInputs>(startInputs(inputs, textsOf(given)))
  const errors = ref<Record<string, string>>({})

  /** @returns nothing where a field cannot be read: the form says which */
  function read(): JsonObject | undefined {
    const result = readInputs(inputs, typed.value)
    errors.value = {}
    if (result.ok) return result.input
    for (const [name, key] of Object.entries(result.errors)) errors.value[name] = t(`function.typed.${key}`)
    return undefined
  }
  /** As far as it can be read. */
  const readable = () => readableInputs(inputs, typed.value)
  function fill(values: JsonObject) {
    typed.value = startInputs(inputs, textsOf(values))
    errors.value = {}
  }

  /** @returns true where the fields say all there is to say */
  function showRefusal(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false
    for (const { path, key, message } of error.fields) {
      const name = path.split('/').find((part) => inputs.some((each) => each.name === part))
      if (name === undefined) continue
      const text = key?.startsWith('input.')
        ? (`function.typed.${key.slice('input.'.length)}` as const)
        : (`validation.${key}` as const)
      errors.value[name] = has(text) ? t(text) : message
    }
    return Object.keys(errors.value).length > 0
  }
  return { inputs, typed, errors, read, readable, fill, showRefusal }
}

function textsOf(values: JsonObject): TypedInputs {
  const given = Object.entries(values).filter(([, value]) => value !== null)
  return Object.fromEntries(given.map(([name, value]: [string, Json]) => [name, formatTyped(value)]))
}
