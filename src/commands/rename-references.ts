import type { Json } from '../../nodes/json.ts'

type NewIds = ReadonlyMap<string, string>

/**
 * Parameters in which every mention of a node's result, `nodes.<id>`, carries the node's new id.
 * @param newIds  old id → new id; other ids stay
 */
export function renameReferences(params: Json, newIds: NewIds): Json {
  if (Array.isArray(params)) return params.map((each) => renameReferences(each, newIds))
  if (typeof params !== 'object' || params === null) return params
  const { kind } = params
  return Object.fromEntries(
    Object.entries(params).map(([key, each]) => {
      if (kind === 'variable' && key === 'path') return [key, renameIn(each, inPath, newIds)]
      if (kind === 'formula' && key === 'source') return [key, renameIn(each, inFormula, newIds)]
      return [key, renameReferences(each, newIds)]
    }),
  )
}

const inPath = /^nodes\.([A-Za-z0-9_-]+)/
/** In a formula `-` is a minus. */
const inFormula = /(?<![\p{L}\p{N}_.])nodes\.([A-Za-z0-9_]+)/gu

function renameIn(text: Json, pattern: RegExp, newIds: NewIds): Json {
  if (typeof text !== 'string') return text
  return text.replace(pattern, (whole, id: string) => (newIds.has(id) ? `nodes.${newIds.get(id)}` : whole))
}
