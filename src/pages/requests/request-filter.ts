import { requestState, type MonitorQuery, type RequestState } from '../../../nodes/api/approvals.ts'

/** What the requests are filtered by. It stands in the address, so that it can be shared. */
export interface RequestFilter {
  text: string
  state: RequestState | null
  process: string | null
  /** Only those that an operator has to name somebody for. */
  paused: boolean
}

export const noFilter: RequestFilter = { text: '', state: null, process: null, paused: false }

/** @param search what stands behind `?` in the address; what is not understood is left out */
export function readFilter(search: string): RequestFilter {
  const given = new URLSearchParams(search)
  return {
    text: given.get('text') ?? '',
    state: requestState.safeParse(given.get('state')).data ?? null,
    process: given.get('process'),
    paused: given.get('paused') === 'true',
  }
}

export function writeFilter({ text, state, process, paused }: RequestFilter): string {
  return new URLSearchParams({
    ...(text && { text }),
    ...(state && { state }),
    ...(process && { process }),
    ...(paused && { paused: 'true' }),
  }).toString()
}

/** The filter as the server takes it. */
export function queryOf({ text, state, process, paused }: RequestFilter): Omit<
  MonitorQuery,
  'limit' | 'paused'
> & {
  paused?: string
} {
  return {
    search: text.trim(),
    ...(state && { state }),
    ...(process && { process }),
    ...(paused && { paused: 'true' }),
  }
}
