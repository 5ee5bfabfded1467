import type { MessageEntry, MessagePage } from '../../../nodes/api/messages.ts'

/** Messages that are shown, and where the older ones begin; `null`: these are all. */
export interface ShownMessages {
  rows: readonly MessageEntry[]
  next: string | null
}

/**
 * Puts a fresh first page over what is shown. What the page reaches down to is replaced as a whole, so that messages
 * which no longer fit the filter go; what is older stays, unless so many are new that some between are missing.
 */
export function mergeFirstPage(shown: ShownMessages, { messages, next }: MessagePage): ShownMessages {
  const older = next === null ? [] : shown.rows.filter(({ id }) => isOlder(id, next))
  const hasGap = older.length === shown.rows.length
  if (older.length === 0 || hasGap) return { rows: messages, next }
  return { rows: [...messages, ...older], next: shown.next }
}

/** Message ids are `<run>-<number>`; runs sort by their begin. `edge` itself belongs to the page. */
function isOlder(id: string, edge: string): boolean {
  const [[run, number], [edgeRun, edgeNumber]] = [split(id), split(edge)]
  return run === edgeRun ? number < edgeNumber : run < edgeRun
}

function split(id: string): [run: string, number: number] {
  const at = id.lastIndexOf('-')
  return [id.slice(0, at), Number(id.slice(at + 1))]
}
