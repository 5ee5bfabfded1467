import { z } from 'zod'
import { defineNode } from '../define.ts'
import { variableName } from '../graph/schema.ts'
import type { CheckContext, Problem } from '../graph/problems.ts'
import { join, kind } from '../values/types/shape.ts'
import type { Shape } from '../values/types/shape.ts'
import { value } from '../values/value.ts'

/** Changes one item of a list, or one field of an object, that a variable holds. */
export const setItem = defineNode({
  type: 'set-item',
  version: 1,
  menu: ['basic'],
  icon: 'list-plus',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({
    /** A variable that is there already. */
    name: variableName.meta({ control: 'known-variable' }),
    /** `set` and `remove` need a key; `append` puts a value behind a list. */
    action: z.enum(['set', 'append', 'remove']).default('set').meta({ control: 'select' }),
    /** A list counts from 1; an object has names. */
    key: value.optional().meta({ control: 'set-item-key' }),
    value: value.optional().meta({ control: 'set-item-value' }),
  }),
  defaults: () => ({ name: '', action: 'append' as const, value: { kind: 'fixed' as const, value: '' } }),
  result: null,
  assigns: ({ name, action, value }, shapeOf, shapeAt) => ({
    [name]: changed(shapeAt(name), action === 'remove' || !value ? undefined : shapeOf(value)),
  }),
  check: ({ name, action, key, value }, { names }: CheckContext): Problem[] => {
    const problems: Problem[] = []
    if (!names.has(name)) {
      problems.push({ severity: 'error', key: 'variableUnknown', field: 'name', params: { name } })
    }
    const missing = [action !== 'append' && !key && 'key', action !== 'remove' && !value && 'value']
    for (const field of missing) {
      if (field) problems.push({ severity: 'error', key: 'paramRequired', field, params: { field } })
    }
    return problems
  },
})

/** A list whose items may be the new value too; of an object, its fields are not followed. */
function changed({ kinds, item }: Shape, value: Shape | undefined): Shape {
  const holder = kinds & (kind.list | kind.object)
  if (holder !== kind.list) return { kinds: holder === 0 ? kind.list | kind.object : holder }
  return { kinds: kind.list, item: item && value ? join(item, value) : item, type: 'list' }
}
