import type { RunSummary } from '../../../nodes/api/runs.ts'
import { messageGroups } from '../messages/message-groups.ts'
import type { MessageGroup } from '../messages/message-groups.ts'

/** Where the number of one state stands in the rows of a list of runs, and how wide it gets. */
export interface CountPlace {
  group: MessageGroup
  characters: number
}

/** A place for each state that occurs among these runs, in the usual order. */
export function countPlaces(runs: readonly RunSummary[], locale: string): CountPlace[] {
  return messageGroups.flatMap((group) => {
    const most = runs.reduce((highest, { counts }) => Math.max(highest, counts?.[group] ?? 0), 0)
    return most > 0 ? [{ group, characters: most.toLocaleString(locale).length }] : []
  })
}
