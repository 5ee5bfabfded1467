import { describe, expect, it } from 'vitest'
import { isFiltered, queryOf, readFilter, writeFilter } from '../../../src/pages/messages/message-filter.ts'

const now = new Date(2026, 2, 10, 15, 30, 20)

describe('the filter of the messages page', () => {
  it.each([
    '',
    'state=accepted,unknown',
    'delivery=failed&service=S1&function=night-shift-alarm&person=Ada+L',
    'period=week&message=01J-3',
    'period=custom&from=2026-03-01T08%3A00&to=2026-03-02T08%3A00',
  ])('stands in the address and comes back from it: %s', (search) => {
    expect(writeFilter(readFilter(search))).toBe(search)
  })

  it('leaves out what it does not understand', () => {
    expect(writeFilter(readFilter('state=lost,unknown&delivery=x&period=never&other=1'))).toBe(
      'state=unknown',
    )
  })

  it('is one only where something is filtered, not where a message is opened', () => {
    expect(isFiltered(readFilter('message=01J-3'))).toBe(false)
    expect(isFiltered(readFilter('state=open'))).toBe(true)
  })

  it('asks the server for the states of each group', () => {
    expect(queryOf(readFilter('state=open,rejected'), now).state).toEqual([
      'planned',
      'dispatching',
      'retry-wait',
      'rejected',
    ])
    expect(queryOf(readFilter(''), now)).toEqual({})
  })

  it('turns spans of time into moments, by the whole minute', () => {
    const from = (search: string) => queryOf(readFilter(search), now).from
    expect(from('period=today')).toBe(new Date(2026, 2, 10).toISOString())
    expect(from('period=day')).toBe(new Date(2026, 2, 9, 15, 30).toISOString())
    expect(from('period=custom&from=2026-03-01T08:00')).toBe(new Date(2026, 2, 1, 8).toISOString())
    expect(from('period=custom&from=nonsense')).toBeUndefined()
    expect(queryOf(readFilter('period=custom&to=2026-03-02T08:00'), now).to).toBe(
      new Date(2026, 2, 2, 8).toISOString(),
    )
  })
})
