import type { ValueType } from '../../graph/schema.ts'
import { directoryTypes, isDirectoryType } from '../../directory/directory-value.ts'
import type { Json } from '../../json.ts'
import { kind } from './shape.ts'

/** What a value must be where it is used. Its texts are `problems.value.wrong.<name>` and `.maybe.<name>`. */
export interface Wanted {
  readonly name:
    'text' | 'number' | 'boolean' | 'list' | 'object' | 'datetime' | 'rounds' | 'writable' | 'entry'
  /** Kinds that are taken. */
  readonly kinds: number
  /** For what is written down: whether exactly this is taken. */
  readonly takes?: (value: Json) => boolean
  /** The control for a value that is written down. */
  readonly type?: ValueType
}

const { nothing, text, number, boolean, list, object } = kind
const isMoment = (value: Json) => typeof value !== 'string' || !Number.isNaN(Date.parse(value))

export const wanted = {
  text: { name: 'text', kinds: text },
  number: { name: 'number', kinds: number, type: 'number' },
  boolean: { name: 'boolean', kinds: boolean, type: 'boolean' },
  list: { name: 'list', kinds: list, type: 'list' },
  object: { name: 'object', kinds: object, type: 'object' },
  datetime: { name: 'datetime', kinds: text, takes: isMoment, type: 'datetime' },
  /** A list, or how many times. */
  rounds: { name: 'rounds', kinds: list | number },
  /** What can stand in a text. */
  writable: { name: 'writable', kinds: text | number | boolean },
  /** The same, where nothing leaves it out. */
  writableIfAny: { name: 'writable', kinds: text | number | boolean | nothing },
} as const satisfies Record<string, Wanted>

/** What an input of a called function takes. */
export function wantedForInput(type: ValueType, isRequired: boolean): Wanted {
  const kinds = isRequired ? 0 : nothing | kind.blank
  if (isDirectoryType(type)) {
    return { name: 'entry', kinds: kinds | (directoryTypes[type].isList ? list : text | object), type }
  }
  const base = type === 'phone' ? wanted.text : wanted[type]
  return { name: base.name, kinds: kinds | base.kinds, type }
}
