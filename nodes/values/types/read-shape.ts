import { isForbiddenKey } from '../../json.ts'
import type { Place } from '../formula/formula-error.ts'
import type { Finding } from './finding.ts'
import { anyShape, isUnknown, join, kind, listOf, nothingShape, withKinds } from './shape.ts'
import type { Shape } from './shape.ts'

/** What a field of a value may be, as `readField` reads it. */
export function readFieldShape(
  of: Shape,
  key: string,
  place: Place,
  report: (finding: Finding) => void,
): Shape {
  if (isUnknown(of)) return anyShape
  const parts: Shape[] = []
  if (of.kinds & (kind.nothing | kind.blank)) parts.push(nothingShape)
  if (of.kinds & kind.object) parts.push(fieldOfObject(of, key, place, report))
  if (of.kinds & kind.list) {
    // a list may be empty, so nothing certain is known of what is read from its items
    const item = of.item && readFieldShape(of.item, key, place, (each) => report({ ...each, certain: false }))
    parts.push(listOf(item))
  }
  if (parts.length === 0) {
    report({ certain: (of.kinds & kind.unset) === 0, reason: 'wrong.noFields', place })
    return anyShape
  }
  return parts.reduce(join)
}

function fieldOfObject(
  { fields }: Shape,
  key: string,
  place: Place,
  report: (finding: Finding) => void,
): Shape {
  if (!fields || isForbiddenKey(key)) return anyShape
  const field = fields.get(key)
  if (field) return field
  report({ certain: false, reason: 'noField', place, field: key })
  return nothingShape
}

/** An item of a list by its place: nothing where the list is shorter. */
export function readItemShape(list: Shape): Shape {
  return list.item ? withKinds(list.item, kind.nothing) : anyShape
}
