import { describe, expect, it } from 'vitest'
import type { MessageEntry } from '../../../nodes/api/messages.ts'
import { mergeFirstPage } from '../../../src/pages/messages/merge-entries.ts'

const entries = (...ids: string[]) => ids.map((id) => ({ id, state: 'accepted' })) as MessageEntry[]
const merged = (shown: string[], next: string | null, page: string[], pageNext: string | null) => {
  const result = mergeFirstPage(
    { rows: entries(...shown), next },
    { messages: entries(...page), next: pageNext, searchedTo: null },
  )
  return [result.rows.map(({ id }) => id).join(' '), result.next]
}

describe('a fresh first page over the messages that are shown', () => {
  it('puts new ones in front and keeps the older ones', () => {
    expect(merged(['B-1', 'B-0', 'A-0'], 'A-0', ['C-0', 'B-1', 'B-0'], 'B-0')).toEqual([
      'C-0 B-1 B-0 A-0',
      'A-0',
    ])
  })

  it('drops what no longer fits down to where the page reaches', () => {
    expect(merged(['C-0', 'B-0', 'A-0'], 'A-0', ['C-0', 'A-0'], 'A-0')).toEqual(['C-0 A-0', 'A-0'])
    expect(merged(['C-0', 'B-0'], null, ['C-0'], null)).toEqual(['C-0', null])
  })

  it('compares numbers within a run as numbers', () => {
    expect(merged(['A-10', 'A-9', 'A-2'], 'A-2', ['A-11', 'A-10'], 'A-10')).toEqual([
      'A-11 A-10 A-9 A-2',
      'A-2',
    ])
  })

  it('begins anew where so many are new that some between are missing', () => {
    expect(merged(['B-0', 'A-0'], null, ['E-0', 'D-0'], 'D-0')).toEqual(['E-0 D-0', 'D-0'])
    expect(merged([], null, ['E-0', 'D-0'], 'D-0')).toEqual(['E-0 D-0', 'D-0'])
  })

  it('knows that nothing older is left where all of it is shown', () => {
    expect(merged(['B-0', 'A-0'], null, ['C-0', 'B-0'], 'B-0')).toEqual(['C-0 B-0 A-0', null])
  })
})
