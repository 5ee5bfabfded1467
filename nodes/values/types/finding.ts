import type { Place } from '../formula/formula-error.ts'
import { ANY_KIND, hasKind, isUnknown, kind } from './shape.ts'
import type { Shape } from './shape.ts'
import type { Wanted } from './wanted.ts'

/** Something about a value that fails when it is used, or may. */
export interface Finding {
  /** True: whenever the value is evaluated, it fails. */
  certain: boolean
  /** A text below `problems.value`. */
  reason: `${'wrong' | 'maybe'}.${Wanted['name'] | 'noFields' | 'order'}` | 'missing' | 'unset' | 'noField'
  /** Where in a formula or path; all of it where it is absent. */
  place: Place
  /** The field, with `noField`. */
  field?: string
}

/** Compares what a value may be with what is needed of it. Of what is not known at all, nothing is said. */
export function compareKinds(
  shape: Shape,
  need: Pick<Wanted, 'name' | 'kinds'>,
  place: Place,
): Finding | undefined {
  const takesEmpty = (need.kinds & (kind.nothing | kind.text | kind.blank)) !== 0
  const possible = shape.kinds & (ANY_KIND | kind.unset | kind.blank)
  const accepted = (possible & need.kinds) | (takesEmpty ? possible & kind.blank : 0)
  // a name that is not set fails by itself, and is told of where it is read
  if (accepted === 0 && !hasKind(shape, kind.unset)) {
    const isMissing = (possible & ~kind.blank) === kind.nothing
    return { certain: true, reason: isMissing ? 'missing' : `wrong.${need.name}`, place }
  }
  if (isUnknown(shape)) return undefined
  const refused = possible & ANY_KIND & ~need.kinds
  if (refused === 0) return undefined
  return { certain: false, reason: refused === kind.nothing ? 'missing' : `maybe.${need.name}`, place }
}
