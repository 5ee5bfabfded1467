import { isForbiddenKey } from '../json.ts'

/** Words that a formula reads as something else, in any spelling of capitals. */
const keywords: ReadonlySet<string> = new Set(['true', 'false', 'null', 'and', 'or', 'not', 'nodes'])

/** Names that no input or variable may have. `nodes` stands for the results of earlier steps. */
export function isReservedName(name: string): boolean {
  return isForbiddenKey(name) || keywords.has(name.toLowerCase())
}
