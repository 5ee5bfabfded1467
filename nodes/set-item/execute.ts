import type { z } from 'zod'
import { ErrorCode, FlowError } from '../errors.ts'
import { defineExecutor } from '../execution.ts'
import { isForbiddenKey, isJsonObject } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { LARGEST_GROWN, sizeUpTo } from '../values/value-size.ts'
import { setItem } from './definition.ts'

type Action = z.output<typeof setItem.params>['action']

export const setItemExecutor = defineExecutor(
  setItem,
  (params, context) => {
    const { name, action } = params
    const holder = context.evaluate({ kind: 'variable', path: name })
    const key = params.key && action !== 'append' ? context.evaluate(params.key) : null
    const value = params.value && action !== 'remove' ? context.evaluate(params.value) : null
    const changed = Array.isArray(holder)
      ? changeList(holder, action, key, value)
      : changeObject(holder, action, key, value)
    // what shrinks may stay large
    if (action !== 'remove' && sizeUpTo(LARGEST_GROWN, changed) > LARGEST_GROWN) throw tooLarge()
    return { port: 'next', assign: [name, changed] as const }
  },
  { inDryRun: true, pure: true },
)

function changeList(list: readonly Json[], action: Action, key: Json, value: Json): Json[] {
  if (action === 'append') return [...list, value]
  if (typeof key !== 'number' || !Number.isInteger(key) || key < 1 || key > list.length) {
    throw refusal(`The list has ${list.length} items, counted from 1, and none at ${JSON.stringify(key)}`)
  }
  return action === 'remove' ? list.toSpliced(key - 1, 1) : list.with(key - 1, value)
}

function changeObject(holder: Json, action: Action, key: Json, value: Json): JsonObject {
  if (!isJsonObject(holder)) throw refusal('The variable holds neither a list nor an object')
  if (action === 'append') throw refusal('Only a list can be appended to')
  if (typeof key !== 'string' || key === '' || isForbiddenKey(key)) {
    throw refusal(`${JSON.stringify(key)} cannot be the name of a field`)
  }
  const { [key]: _, ...others } = holder as JsonObject
  return action === 'remove' ? others : { ...(holder as JsonObject), [key]: value }
}

function tooLarge(): FlowError {
  const message = `The variable would hold more than ${LARGEST_GROWN} characters and values in all`
  return refusal(message, 'Keep less in it, or let the loop collect what its rounds give.')
}

function refusal(
  message: string,
  hint = 'Look at what the variable holds at this point, in an earlier run.',
): FlowError {
  return new FlowError(ErrorCode.ItemInvalid, message, { hint, params: { text: message } })
}
