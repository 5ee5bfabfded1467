import { z } from 'zod'
import {
  anyShape,
  booleanShape,
  join,
  kind,
  listOf,
  numberShape,
  objectOf,
  textShape,
  withKinds,
} from './shape.ts'
import type { Shape } from './shape.ts'

const known = new WeakMap<z.ZodType, Shape>()

/** The shape of what a schema of a step's result describes; anything where it is a kind of schema not known here. */
export function shapeOfSchema(schema: z.ZodType): Shape {
  const before = known.get(schema)
  if (before) return before
  const shape = read(schema)
  known.set(schema, shape)
  return shape
}

function read(schema: z.ZodType): Shape {
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return textShape
  if (schema instanceof z.ZodNumber) return numberShape
  if (schema instanceof z.ZodBoolean) return booleanShape
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return withKinds(shapeOfSchema(schema.unwrap() as z.ZodType), kind.nothing)
  }
  if (schema instanceof z.ZodArray) return listOf(shapeOfSchema(schema.element as z.ZodType))
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Record<string, z.ZodType>)
    return objectOf(fields.map(([name, field]) => [name, shapeOfSchema(field)]))
  }
  if (schema instanceof z.ZodRecord) return { kinds: kind.object, type: 'object' }
  if (schema instanceof z.ZodUnion) {
    return (schema.options as z.ZodType[]).map(shapeOfSchema).reduce(join)
  }
  return anyShape
}
