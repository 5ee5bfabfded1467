import { z } from 'zod'
import { defineNode } from '../define.ts'
import { variableName } from '../graph/schema.ts'
import { anyShape, join, kind, numberShape } from '../values/types/shape.ts'
import type { Shape } from '../values/types/shape.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'

/** Most rounds of one loop, whatever its limit says. */
export const MOST_ROUNDS = 10_000

/** Walks its body once for each item of a list. */
export const loop = defineNode({
  type: 'loop',
  version: 1,
  menu: ['flow'],
  icon: 'repeat',
  input: 'in',
  outputs: ['each', 'done'],
  bodies: ['each'],
  bodyValues: ['until', 'collect'],
  bodiesShareNames: ({ atOnce = 1 }) => atOnce === 1,
  params: z.strictObject({
    /** A list; or a number: then 1, 2, 3 up to it. */
    list: value.meta({ control: 'value' }),
    /** The variable that holds the item of the round. */
    item: variableName.default('item').meta({ control: 'variable-name' }),
    /** The variable that holds the number of the round, from 1 on. */
    index: variableName.optional().meta({ control: 'variable-name' }),
    /** Rounds that go on at the same time. From 2 on each has variables of its own. */
    atOnce: z.int().min(1).max(64).default(1).meta({ control: 'number', placeholder: '1' }),
    /** Longer lists fail before the first round. */
    limit: z.int().min(1).max(MOST_ROUNDS).default(1_000).meta({ control: 'number', placeholder: '1000' }),
    /** Looked at after each round; true: no further round begins. */
    until: value.optional().meta({ control: 'condition-value' }),
    /** Taken after each round; all of them are `nodes.<id>.results`. */
    collect: value.optional().meta({ control: 'value' }),
  }),
  defaults: () => ({ list: { kind: 'fixed' as const, value: [] }, item: 'item' }),
  result: z.object({
    /** Rounds that were walked to their end. */
    count: z.int(),
    /** What was collected, in the order of the list; only with `collect`. */
    results: z.array(z.json()).optional(),
  }),
  wants: (path) => (path === 'list' ? wanted.rounds : path === 'until' ? wanted.boolean : undefined),
  assigns: ({ list, item, index }, shapeOf) => ({
    [item]: itemOf(shapeOf(list)),
    ...(index !== undefined && { [index]: numberShape }),
  }),
})

/** An item of the list, or the number of the round. */
function itemOf({ kinds, item }: Shape): Shape {
  const { number, list } = kind
  const isList = (kinds & list) !== 0
  if ((kinds & number) === 0) return isList && item ? item : anyShape
  return isList ? (item ? join(item, numberShape) : anyShape) : numberShape
}
