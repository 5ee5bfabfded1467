import { runStatus, runTrigger } from '../../../nodes/api/runs.ts'
import type { RunFilter, RunStatus, RunTrigger } from '../../../nodes/api/runs.ts'

export const runPeriods = ['all', 'day', 'week', 'month'] as const
export type RunPeriod = (typeof runPeriods)[number]

/** What the page is filtered by, and which run is opened. It stands in the address, so that it can be shared. */
export interface PageFilter {
  function: string | null
  status: RunStatus | null
  trigger: RunTrigger | null
  text: string
  period: RunPeriod
  /** Id of the opened run. */
  run: string | null
}

/** @param search what stands behind `?` in the address; what is not understood is left out */
export function readFilter(search: string): PageFilter {
  const given = new URLSearchParams(search)
  return {
    function: given.get('function'),
    status: runStatus.safeParse(given.get('status')).data ?? null,
    trigger: runTrigger.safeParse(given.get('trigger')).data ?? null,
    text: given.get('text') ?? '',
    period: runPeriods.find((period) => period === given.get('period')) ?? 'all',
    run: given.get('run'),
  }
}

export function writeFilter(filter: PageFilter): string {
  const given = Object.entries({ ...filter, period: filter.period === 'all' ? null : filter.period })
  return new URLSearchParams(given.filter((entry): entry is [string, string] => Boolean(entry[1]))).toString()
}

export function isFiltered(filter: PageFilter): boolean {
  return writeFilter({ ...filter, run: null }) !== ''
}

const DAY_MS = 86_400_000
const days: Partial<Record<RunPeriod, number>> = { day: 1, week: 7, month: 30 }

/** The filter as the server takes it. */
export function queryOf(filter: PageFilter, now: Date): RunFilter {
  const span = days[filter.period]
  return {
    function: filter.function ?? undefined,
    status: filter.status ?? undefined,
    trigger: filter.trigger ?? undefined,
    text: filter.text.trim() || undefined,
    from: span === undefined ? undefined : new Date(now.getTime() - span * DAY_MS).toISOString(),
  }
}
