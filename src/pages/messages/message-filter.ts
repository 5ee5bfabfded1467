import { deliveryState } from '../../../nodes/messages.ts'
import type { DeliveryState } from '../../../nodes/messages.ts'
import type { MessageFilter } from '../../../nodes/api/messages.ts'
import { messageGroups, statesOf } from './message-groups.ts'
import type { MessageGroup } from './message-groups.ts'

export const periods = ['all', 'today', 'day', 'week', 'month', 'custom'] as const
export type Period = (typeof periods)[number]

/** What the page is filtered by, and which message is opened. It stands in the address, so that it can be shared. */
export interface PageFilter {
  groups: MessageGroup[]
  delivery: DeliveryState | null
  service: string | null
  function: string | null
  person: string
  period: Period
  /** Local time as a date field has it, `2026-03-01T08:00`; only with the period `custom`. */
  from: string
  to: string
  /** Id of the opened message. */
  message: string | null
}

/** @param search what stands behind `?` in the address; what is not understood is left out */
export function readFilter(search: string): PageFilter {
  const given = new URLSearchParams(search)
  const groups = (given.get('state') ?? '').split(',')
  return {
    groups: messageGroups.filter((group) => groups.includes(group)),
    delivery: deliveryState.safeParse(given.get('delivery')).data ?? null,
    service: given.get('service'),
    function: given.get('function'),
    person: given.get('person') ?? '',
    period: periods.find((period) => period === given.get('period')) ?? 'all',
    from: given.get('from') ?? '',
    to: given.get('to') ?? '',
    message: given.get('message'),
  }
}

export function writeFilter(filter: PageFilter): string {
  const { groups, delivery, service, person, period, from, to, message } = filter
  const search = new URLSearchParams()
  const add = (name: string, value: string | null) => value && search.set(name, value)
  add('state', groups.join(','))
  add('delivery', delivery)
  add('service', service)
  add('function', filter.function)
  add('person', person)
  if (period !== 'all') search.set('period', period)
  if (period === 'custom') {
    add('from', from)
    add('to', to)
  }
  add('message', message)
  return search.toString().replaceAll('%2C', ',')
}

export function isFiltered(filter: PageFilter): boolean {
  return writeFilter({ ...filter, message: null }) !== ''
}

const HOUR_MS = 3_600_000
const hours: Partial<Record<Period, number>> = { day: 24, week: 7 * 24, month: 30 * 24 }

/** The filter as the server takes it. */
export function queryOf(
  filter: PageFilter,
  now: Date,
): { [Name in keyof MessageFilter]?: MessageFilter[Name] } {
  const { groups, delivery, service, person, period } = filter
  const span = hours[period]
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  // A moving limit moves by the minute: the counting of a moment ago still answers.
  const minute = Math.floor(now.getTime() / 60_000) * 60_000
  return {
    state: groups.length > 0 ? statesOf(groups) : undefined,
    delivery: delivery ? [delivery] : undefined,
    service: service ?? undefined,
    function: filter.function ?? undefined,
    person: person.trim() || undefined,
    from:
      period === 'today'
        ? midnight.toISOString()
        : span !== undefined
          ? new Date(minute - span * HOUR_MS).toISOString()
          : moment(period === 'custom' ? filter.from : ''),
    to: moment(period === 'custom' ? filter.to : ''),
  }
}

function moment(local: string): string | undefined {
  const time = Date.parse(local)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
