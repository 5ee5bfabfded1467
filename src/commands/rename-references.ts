import type { Json } from '../../nodes/json.ts'
import { renameSteps } from '../../nodes/values/formula/rename-steps.ts'

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
      if (kind === 'variable' && key === 'path' && typeof each === 'string') {
        return [key, renameInPath(each, newIds)]
      }
      if (kind === 'formula' && key === 'source' && typeof each === 'string') {
        return [key, renameSteps(each, newIds)]
      }
      return [key, renameReferences(each, newIds)]
    }),
  )
}

function renameInPath(path: string, newIds: NewIds): string {
  const [root, id, ...rest] = path.split('.')
  const newId = root === 'nodes' && id !== undefined ? newIds.get(id) : undefined
  return newId === undefined ? path : ['nodes', newId, ...rest].join('.')
}
