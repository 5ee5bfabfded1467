import { describe, expect, it } from 'vitest'
import type { ReceiptRow } from '../../../runtime/ledger/deliveries.ts'
import type { AttemptRow, MessageRow } from '../../../runtime/ledger/ledger.ts'
import { messageHistory } from '../../../runtime/messages/message-history.ts'

const message = (change: Partial<MessageRow>): MessageRow => ({
  ...{
    runId: 'r',
    number: 0,
    path: 'sms',
    serviceId: 's',
    memberId: 'm',
    name: 'Ada',
    phone: '+12025550101',
  },
  ...{ reasons: [], body: {}, state: 'planned', skipped: undefined, attempts: 0, wakeAt: undefined },
  ...{ providerId: undefined, segments: undefined, error: undefined, created: 1_000, updated: 1_000 },
  ...change,
})
const attempt = (number: number, outcome: AttemptRow['outcome']): AttemptRow => ({
  attempt: number,
  started: 1_000 * number,
  finished: 1_000 * number + 500,
  outcome,
  evidence: { providerCode: '20429', message: 'Too many' },
})
const receipt = (at: number, change: Partial<ReceiptRow> = {}): ReceiptRow => ({
  ...{
    runId: 'r',
    number: 0,
    at,
    source: 'report',
    status: 'sent',
    proof: 'accepted',
    delivery: 'sent',
    facts: {},
  },
  ...change,
})
const told = (...given: Parameters<typeof messageHistory>) =>
  messageHistory(...given).map((event) => {
    const words = { attempt: 'outcome', settled: 'state', receipt: 'status' } as const
    const word = (event as Record<string, unknown>)[words[event.kind as keyof typeof words]]
    return `${Date.parse(event.at)} ${event.kind}${word === undefined ? '' : ` ${String(word)}`}`
  })

describe('the history of a message', () => {
  it('tells each refused attempt and the one that was taken, in order', () => {
    const row = message({ state: 'accepted', attempts: 3, updated: 3_700, providerId: 'SM1' })
    expect(told(row, [attempt(1, 'throttled'), attempt(2, 'unreachable')], [])).toEqual([
      '1000 planned',
      '1500 attempt throttled',
      '2500 attempt unreachable',
      '3700 attempt accepted',
    ])
  })

  it('says only that an attempt was taken before the first receipt, where a receipt changed the message since', () => {
    const row = message({ state: 'accepted', attempts: 1, updated: 9_000, delivery: 'delivered' })
    const events = messageHistory(row, [], [receipt(4_000), receipt(9_000, { status: 'delivered' })])
    expect(events[1]).toMatchObject({ kind: 'attempt', outcome: 'accepted', isLatest: true })
    expect(Date.parse(events[1]!.at)).toBe(4_000)
    expect(events.map(({ kind }) => kind)).toEqual(['planned', 'attempt', 'receipt', 'receipt'])
  })

  it('does not make up an accepted attempt where a receipt proved an unknown one', () => {
    const row = message({ state: 'accepted', attempts: 1, updated: 4_000 })
    expect(told(row, [attempt(1, 'unknown')], [receipt(4_000)])).toEqual([
      '1000 planned',
      '1500 attempt unknown',
      '4000 receipt sent',
    ])
  })

  it('tells how a message was settled where no attempt says it', () => {
    expect(told(message({ state: 'suppressed', skipped: 'no-phone' }), [], [])).toContain(
      '1000 settled suppressed',
    )
    expect(told(message({ state: 'unknown', attempts: 1, updated: 2_000 }), [], [])).toContain(
      '2000 settled unknown',
    )
    const refused = message({ state: 'rejected', attempts: 1, updated: 1_500 })
    expect(told(refused, [attempt(1, 'rejected')], [])).toEqual(['1000 planned', '1500 attempt rejected'])
    expect(told(refused, [attempt(1, 'throttled')], [])).toContain('1500 settled rejected')
  })

  it('tells what is still to come', () => {
    const waiting = message({ state: 'retry-wait', attempts: 1, wakeAt: 5_000 })
    expect(told(waiting, [attempt(1, 'throttled')], []).at(-1)).toBe('5000 waiting')
    expect(told(message({ state: 'dispatching', attempts: 1 }), [], []).at(-1)).toBe('1000 on-its-way')
  })
})
