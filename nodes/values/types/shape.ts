import type { ValueType } from '../../graph/schema.ts'
import { directoryTypes, isDirectoryType } from '../../directory/directory-value.ts'
import type { Json } from '../../json.ts'

/**
 * What a value may be, as bits that are joined by `|`. `unset`: a variable that nothing has set on one of the ways here.
 * `blank`: null or an empty text that a caller may give for an input although it has a default; nobody is warned of it.
 */
export const kind = {
  nothing: 1,
  text: 2,
  number: 4,
  boolean: 8,
  list: 16,
  object: 32,
  unset: 64,
  blank: 128,
} as const
export const ANY_KIND = 63

/** What is known of a value before a run. */
export interface Shape {
  readonly kinds: number
  /** Of lists: each item. Absent where nothing is known of them. */
  readonly item?: Shape | undefined
  /** Of objects: their fields. Absent where nothing is known of them; otherwise there are no others. */
  readonly fields?: ReadonlyMap<string, Shape> | undefined
  /** The type that an input was declared with, as long as nothing else can stand there. */
  readonly type?: ValueType | undefined
}

export const anyShape: Shape = { kinds: ANY_KIND }
export const nothingShape: Shape = { kinds: kind.nothing }
export const textShape: Shape = { kinds: kind.text, type: 'text' }
export const numberShape: Shape = { kinds: kind.number, type: 'number' }
export const booleanShape: Shape = { kinds: kind.boolean, type: 'boolean' }

export function isUnknown({ kinds }: Shape): boolean {
  return (kinds & ANY_KIND) === ANY_KIND
}

export function hasKind({ kinds }: Shape, bits: number): boolean {
  return (kinds & bits) !== 0
}

/** The same without some kinds. */
export function without(shape: Shape, bits: number): Shape {
  return (shape.kinds & bits) === 0 ? shape : { ...shape, kinds: shape.kinds & ~bits }
}

export function withKinds(shape: Shape, bits: number): Shape {
  return (shape.kinds & bits) === bits ? shape : { ...shape, kinds: shape.kinds | bits }
}

/** What a value of one shape or the other may be. */
export function join(a: Shape, b: Shape): Shape {
  if (a === b) return a
  const kinds = a.kinds | b.kinds
  if ((kinds & ANY_KIND) === ANY_KIND) return kinds === ANY_KIND ? anyShape : { kinds }
  return {
    kinds,
    item: joinPart(a, b, kind.list, (shape) => shape.item, join),
    fields: joinPart(a, b, kind.object, (shape) => shape.fields, joinFields),
    ...(typeOf(a) === typeOf(b) && { type: a.type ?? b.type }),
  }
}

/** Nothing is compatible with each type: it may just be missing. */
function typeOf({ kinds, type }: Shape): string | undefined {
  return type ?? (kinds & ANY_KIND & ~kind.nothing ? '' : undefined)
}

function joinPart<T>(
  a: Shape,
  b: Shape,
  bit: number,
  read: (shape: Shape) => T | undefined,
  both: (a: T, b: T) => T,
): T | undefined {
  if (!hasKind(a, bit)) return read(b)
  if (!hasKind(b, bit)) return read(a)
  const [left, right] = [read(a), read(b)]
  return left && right && both(left, right)
}

function joinFields(a: ReadonlyMap<string, Shape>, b: ReadonlyMap<string, Shape>) {
  const names = new Set([...a.keys(), ...b.keys()])
  return new Map(
    [...names].map((name): [string, Shape] => [
      name,
      join(a.get(name) ?? nothingShape, b.get(name) ?? nothingShape),
    ]),
  )
}

/** Fixed values are looked into this deep, and lists as far as this. */
const DEPTH = 8
const ITEMS = 100

export function shapeOfJson(value: Json, depth = 0): Shape {
  if (value === null) return nothingShape
  if (typeof value === 'string') return textShape
  if (typeof value === 'number') return numberShape
  if (typeof value === 'boolean') return booleanShape
  if (Array.isArray(value)) {
    if (depth === DEPTH || value.length > ITEMS) return { kinds: kind.list }
    const items = value.map((each) => shapeOfJson(each, depth + 1))
    return listOf(items.length === 0 ? undefined : items.reduce(join))
  }
  if (depth === DEPTH) return { kinds: kind.object }
  const fields = Object.entries(value).map(([name, each]): [string, Shape] => [
    name,
    shapeOfJson(each, depth + 1),
  ])
  return objectOf(fields)
}

export function listOf(item: Shape | undefined): Shape {
  return { kinds: kind.list, item, type: 'list' }
}

export function objectOf(fields: Iterable<readonly [string, Shape]>): Shape {
  return { kinds: kind.object, fields: new Map(fields), type: 'object' }
}

/** A value that was checked against a declared type. */
export function shapeOfType(type: ValueType): Shape {
  if (isDirectoryType(type)) {
    const entry: Shape = {
      ...objectOf([
        ['kind', textShape],
        ['id', textShape],
        ['name', textShape],
        ['includeSubDepartments', withKinds(booleanShape, kind.nothing)],
      ]),
      type,
    }
    return directoryTypes[type].isList
      ? { kinds: kind.list, item: { ...entry, type: undefined }, type }
      : entry
  }
  switch (type) {
    case 'number':
      return numberShape
    case 'boolean':
      return booleanShape
    case 'list':
      return listOf(undefined)
    case 'object':
      return { kinds: kind.object, type }
    default:
      return { kinds: kind.text, type }
  }
}
