import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../nodes/delivery.ts'
import type { ReceiptRow } from '../../runtime/ledger/deliveries.ts'
import type { Ledger, MessageRow } from '../../runtime/ledger/ledger.ts'

/** What every ledger must keep of receipts, unknown messages and opt-outs. */
export function testDeliveries(
  open: () => Promise<{ ledger: Ledger; reopen: () => Promise<Ledger>; close: () => Promise<void> }>,
) {
  let ledger: Ledger
  let reopen: () => Promise<Ledger>
  let close: () => Promise<void>
  beforeEach(async () => ({ ledger, reopen, close } = await open()))
  afterEach(() => close())

  /** Accepts a run with one message in the given state. */
  async function message(runId: string, change: Partial<MessageRow>): Promise<MessageRow> {
    const run = { id: runId, functionName: 'alarm', version: 'v1', trigger: 'http' as const, input: {} }
    await ledger.acceptRun({ ...run, created: 1_000 })
    const row: MessageRow = {
      ...{ runId, number: 0, path: 'sms', serviceId: 'service', memberId: 'ada', name: 'Ada' },
      ...{
        phone: '+12025550101',
        reasons: [],
        body: { text: 'Hello' },
        state: 'dispatching',
        skipped: undefined,
      },
      ...{ attempts: 1, wakeAt: undefined, providerId: undefined, segments: undefined, error: undefined },
      ...{ created: 1_000, updated: 1_000 },
    }
    await ledger.planMessages([row], { runId, number: 0, steps: [] })
    const settled = { ...row, ...change }
    if (settled.state !== 'dispatching') await ledger.settleMessage(settled)
    return settled
  }
  const report = (runId: string, change: Partial<ReceiptRow> = {}): ReceiptRow => ({
    runId,
    number: 0,
    at: 5_000,
    source: 'report',
    status: change.delivery ?? 'queued',
    proof: 'accepted',
    providerId: 'SM1',
    facts: {},
    ...change,
  })
  const stored = async (runId: string) => {
    const { state, providerId, delivery, deliveryCode, deliveryConflict, error } =
      (await ledger.deliveries.message(runId, 0))!
    return { state, providerId, delivery, deliveryCode, deliveryConflict, error: error?.code }
  }
  const unknown = { state: 'unknown', error: { code: 'SMS_OUTCOME_UNKNOWN', message: '?' } } as const

  describe('receipts', () => {
    it('raise the delivery of an accepted message, and are kept once each', async () => {
      await message('a', { state: 'accepted', providerId: 'SM1' })
      const sent = report('a', { delivery: 'sent' })
      expect(await ledger.deliveries.keepReceipt(sent)).toMatchObject({ delivery: 'sent' })
      expect(await ledger.deliveries.keepReceipt({ ...sent, at: 6_000 })).toBeUndefined()
      await ledger.deliveries.keepReceipt(report('a', { delivery: 'delivered' }))
      await ledger.deliveries.keepReceipt(report('a', { delivery: 'queued' }))
      ledger = await reopen()
      expect(await stored('a')).toMatchObject({ state: 'accepted', delivery: 'delivered' })
      expect(await ledger.deliveries.receipts('a', 0)).toHaveLength(3)
    })

    it('of a message that nobody knows are not kept', async () => {
      expect(await ledger.deliveries.keepReceipt(report('nobody'))).toBeUndefined()
      expect(await ledger.deliveries.receipts('nobody', 0)).toEqual([])
    })

    it('do not move what the provider refused', async () => {
      await message('a', { state: 'rejected', error: { code: 'SMS_REJECTED', message: 'no' } })
      expect(await ledger.deliveries.keepReceipt(report('a', { delivery: 'delivered' }))).toBeUndefined()
      expect(await stored('a')).toMatchObject({ state: 'rejected', delivery: undefined })
    })

    it('come before the outcome of their attempt: then the outcome is never unknown', async () => {
      const row = await message('a', {})
      await ledger.deliveries.keepReceipt(report('a', { delivery: 'sent' }))
      expect(await stored('a')).toMatchObject({ state: 'dispatching', delivery: 'sent' })
      await ledger.settleMessage({ ...row, ...unknown })
      expect(await stored('a')).toMatchObject({
        state: 'accepted',
        delivery: 'sent',
        providerId: 'SM1',
        error: undefined,
      })
      expect(await ledger.deliveries.nextUnknown()).toBeUndefined()
    })

    it(
      'lead to the same state in any order and however often they come (1,000 permutations)',
      { timeout: 60_000 },
      async () => {
        const said: Partial<ReceiptRow>[] = [
          { delivery: 'queued' },
          { delivery: 'sent' },
          { delivery: 'delivered' },
          { delivery: 'undelivered', code: '30003' },
          { delivery: 'undelivered', code: '30008' },
          { delivery: 'failed', code: '30007' },
          { source: 'person', proof: 'not-sent', status: 'not-sent', providerId: undefined },
        ]
        const ends = new Map<string, string>()
        let number = 0
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(fc.nat(said.length - 1), { minLength: 1, maxLength: said.length }),
            fc.array(fc.nat(said.length - 1), { maxLength: 6 }),
            async (order, repeats) => {
              const id = `run-${number++}`
              await message(id, unknown)
              const all = [...order, ...repeats.filter((each) => order.includes(each))]
              await Promise.all(all.map((each) => ledger.deliveries.keepReceipt(report(id, said[each]))))
              const end = JSON.stringify(await stored(id))
              const set = [...order].sort().join()
              expect(end).toBe(ends.get(set) ?? end)
              ends.set(set, end)
            },
          ),
          { numRuns: 1_000 },
        )
        expect(ends.size).toBeGreaterThan(80)
        for (const [set, end] of ends) {
          const isDelivered = set.includes('2')
          const isConflict = isDelivered && /[345]/.test(set)
          const { delivery, deliveryConflict } = JSON.parse(end) as Delivery
          expect([set, delivery === 'delivered', deliveryConflict === true]).toEqual([
            set,
            isDelivered,
            isConflict,
          ])
        }
      },
    )
  })

  describe('unknown messages', () => {
    it('are looked up from the moment they are known to be unknown', async () => {
      await message('a', { ...unknown, updated: 10_000 })
      expect(await ledger.deliveries.nextUnknown()).toBe(15_000)
      expect(await ledger.deliveries.dueUnknowns(14_999, 10)).toEqual([])
      const [row] = await ledger.deliveries.dueUnknowns(15_000, 10)
      expect(row).toMatchObject({
        runId: 'a',
        number: 0,
        phase: 'waiting',
        since: 10_000,
        absentAfter: 40_000,
      })
      await ledger.deliveries.planLookUp({ ...row!, due: 60_000, tries: 1, absences: [50_000] })
      ledger = await reopen()
      expect(await ledger.deliveries.unknown('a', 0)).toMatchObject({
        due: 60_000,
        tries: 1,
        absences: [50_000],
      })
      await ledger.deliveries.planLookUp({ ...row!, phase: 'final' })
      expect(await ledger.deliveries.nextUnknown()).toBeUndefined()
      expect(await ledger.deliveries.unknowns({ limit: 10 })).toMatchObject([
        { unknown: { runId: 'a', phase: 'final' }, functionName: 'alarm' },
      ])
    })

    it('end by proof, one way or the other', async () => {
      for (const id of ['a', 'b']) await message(id, unknown)
      expect(await ledger.deliveries.keepReceipt(report('a', { source: 'look-up' }))).toMatchObject({
        state: 'accepted',
        providerId: 'SM1',
        error: undefined,
      })
      const person = {
        source: 'person',
        status: 'not-sent',
        proof: 'not-sent',
        providerId: undefined,
      } as const
      expect(await ledger.deliveries.keepReceipt(report('b', person))).toMatchObject({ state: 'rejected' })
      expect(await ledger.deliveries.unknowns({ limit: 10 })).toEqual([])
      // the provider's own word weighs more than a person's
      await ledger.deliveries.keepReceipt(report('b', { delivery: 'delivered' }))
      expect(await stored('b')).toMatchObject({ state: 'accepted', delivery: 'delivered', error: undefined })
    })

    it('stay unknown by what proves nothing', async () => {
      await message('a', unknown)
      await ledger.deliveries.keepReceipt(report('a', { source: 'look-up', status: 'absent', proof: 'none' }))
      expect(await stored('a')).toMatchObject({ state: 'unknown' })
      expect(await ledger.deliveries.receipts('a', 0)).toHaveLength(1)
    })

    it('are claimed once for a further attempt, and unknown again where the process dies in it', async () => {
      const row = await message('a', unknown)
      await ledger.finishRun('a', { status: 'done', output: null, error: null, finished: 2_000, steps: [] })
      const again = { ...row, updated: 7_000, options: { urgent: true } }
      const claims = await Promise.all([1, 2, 3].map(() => ledger.deliveries.claimAgain(again, 2)))
      expect(claims).toEqual([true, false, false])
      ledger = await reopen()
      await ledger.recover(9_000)
      expect(await stored('a')).toMatchObject({ state: 'unknown' })
      expect(await ledger.deliveries.unknowns({ limit: 10 })).toMatchObject([
        {
          // it is the further attempt that is looked for: from its begin on, by what was written with it
          unknown: { phase: 'waiting', since: 7_000, due: 14_000, absentAfter: 39_000 },
          message: { options: { urgent: true } },
        },
      ])
    })

    it('leave the list with the outcome of a further attempt', async () => {
      const row = await message('a', unknown)
      await ledger.deliveries.claimAgain(row, 2)
      await ledger.settleMessage({
        ...row,
        state: 'accepted',
        attempts: 2,
        providerId: 'SM2',
        error: undefined,
      })
      expect(await ledger.deliveries.unknowns({ limit: 10 })).toEqual([])
    })

    it('are noted by recovery: what was on its way when the process died', async () => {
      await message('a', {})
      ledger = await reopen()
      await ledger.recover(9_000)
      expect(await ledger.deliveries.dueUnknowns(99_000, 10)).toMatchObject([
        { runId: 'a', since: 1_000, absentAfter: 39_000, due: 14_000 },
      ])
    })
  })

  it('knows which provider ids are taken, and whom a message of a batch went to', async () => {
    await message('a', { state: 'accepted', providerId: 'SM1' })
    await message('b', { state: 'accepted', providerId: 'SM2' })
    expect(await ledger.deliveries.knownProviderIds(['SM1', 'SM2', 'SM3'], 'b')).toEqual(new Set(['SM2']))
    expect(await ledger.deliveries.messageTo('a', 0, '+12025550101')).toMatchObject({ number: 0 })
    expect(await ledger.deliveries.messageTo('a', 0, '+12025550102')).toBeUndefined()
  })

  describe('opt-outs', () => {
    const stop = {
      serviceId: 's',
      sender: '+1',
      phone: '+12025550101',
      source: 'reply',
      reason: 'STOP',
      since: 100,
    } as const
    const start = {
      serviceId: 's',
      phone: '+12025550101',
      sources: ['reply' as const],
      at: 200,
      why: 'START',
    }

    it('are set, lifted and set again, and what was lifted stays as a record', async () => {
      expect(await ledger.optOuts.keep(stop)).toBe(true)
      expect(await ledger.optOuts.keep(stop)).toBe(false)
      expect(await ledger.optOuts.lift(start)).toBe(true)
      expect(await ledger.optOuts.lift(start)).toBe(false)
      ledger = await reopen()
      expect(await ledger.optOuts.all()).toMatchObject([{ ...stop, lifted: 200, liftedWhy: 'START' }])
      expect(await ledger.optOuts.keep({ ...stop, since: 300 })).toBe(true)
      expect(await ledger.optOuts.all()).toMatchObject([{ since: 300, lifted: undefined }])
    })

    it('are not lifted by what was written before, nor set again by it', async () => {
      await ledger.optOuts.keep({ ...stop, since: 300 })
      expect(await ledger.optOuts.lift(start)).toBe(false)
      await ledger.optOuts.lift({ ...start, at: 400 })
      expect(await ledger.optOuts.keep({ ...stop, since: 350 })).toBe(false)
    })

    it('of another source are not lifted', async () => {
      await ledger.optOuts.keep({ ...stop, source: 'person' })
      expect(await ledger.optOuts.lift(start)).toBe(false)
    })

    it('take each answer of a phone once, with what follows from it', async () => {
      const to = [{ serviceId: 's', sender: '+1' }]
      const answer = { at: 100, phone: '+12025550101', to }
      const first = { ...answer, id: 'twilio SM1', meaning: 'stop', word: 'STOP' } as const
      const second = { ...answer, id: 'twilio SM2', at: 200, meaning: 'start', word: 'START' } as const
      expect(await ledger.optOuts.takeAnswer(first)).toBe(true)
      await ledger.optOuts.keep({ ...stop, source: 'person' })
      expect(await ledger.optOuts.takeAnswer(second)).toBe(true)
      const lifted = (await ledger.optOuts.all()).map((row) => [row.source, row.lifted]).sort()
      expect(lifted).toEqual([
        ['person', undefined],
        ['reply', 200],
      ])
      expect(await ledger.optOuts.takeAnswer(first)).toBe(false)
      expect((await ledger.optOuts.all()).map((row) => [row.source, row.lifted]).sort()).toEqual(lifted)
    })
  })

  it('keeps a timer as it was first set, over a restart', async () => {
    await message('a', { state: 'accepted' })
    const steps = { runId: 'a', number: 1, steps: [] }
    expect(await ledger.setTimer('wait', 5_000, steps)).toBe(5_000)
    ledger = await reopen()
    expect(await ledger.setTimer('wait', 9_000, { ...steps, number: 2 })).toBe(5_000)
  })
}
