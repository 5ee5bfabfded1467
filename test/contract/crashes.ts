import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger, MessageRow } from '../../runtime/ledger/ledger.ts'

const NOW = 9_000

/** What every ledger must know of crashes. `reopen` answers a ledger on the same store, as after a crash. */
export function testCrashes(
  open: () => Promise<{ ledger: Ledger; reopen: () => Promise<Ledger>; close: () => Promise<void> }>,
) {
  describe('crashes', () => {
    let ledger: Ledger
    let reopen: () => Promise<Ledger>
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ ledger, reopen, close } = await open())
      expect(await ledger.crashes.begin(NOW)).toEqual([])
    })
    afterEach(() => close())

    const accept = (id: string) =>
      ledger.acceptRun({
        ...{ id, functionName: 'alarm', version: 'v1', trigger: 'http' as const, input: {}, created: 1_000 },
      })
    const plan = (runId: string, change: Partial<MessageRow> = {}, whole?: number) => {
      const message: MessageRow = {
        ...{ runId, number: 0, path: 'sms', serviceId: 'service', memberId: 'ada', name: 'Ada' },
        ...{ phone: '+12025550101', reasons: [], body: { text: 'Hello' }, state: 'planned' },
        ...{ skipped: undefined, attempts: 0, wakeAt: undefined, providerId: undefined },
        ...{ segments: undefined, error: undefined, created: 1_000, updated: 1_000 },
        ...change,
      }
      return ledger.planMessages([message], { runId, number: 0, steps: [] }, whole)
    }
    const wait = (runId: string, due: number) => ledger.setTimer('wait', due, { runId, number: 1, steps: [] })
    /** What the next process hears of this one's death. */
    async function die() {
      await ledger.flushed()
      ledger = await reopen()
      return ledger.crashes.begin(NOW)
    }
    const suspects = (crashes: number, ...ids: string[]) => ids.map((runId) => ({ runId, crashes }))
    const status = async (id: string) => (await ledger.runRow(id))!.status

    it('suspect nobody where the process came to its end', async () => {
      await accept('a')
      await ledger.crashes.end()
      expect(await die()).toEqual([])
    })

    it('suspect those that were executing, and none that waited for a service or for receipts', async () => {
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await accept(id)
      await plan('b')
      await plan('c', { state: 'dispatching', attempts: 1 })
      await plan('d', { state: 'accepted', attempts: 1 })
      await wait('d', NOW + 1_000)
      await plan('e', { state: 'accepted', attempts: 1 })
      await wait('e', NOW - 1_000)
      await plan('f', {}, 500)
      await ledger.finishRun('g', { status: 'done', output: null, error: null, finished: 2_000, steps: [] })
      expect(await die()).toEqual(suspects(1, 'a', 'e', 'f'))
    })

    it('count again from the start once a run has got any further', async () => {
      await accept('a')
      await accept('b')
      expect(await die()).toEqual(suspects(1, 'a', 'b'))
      await plan('b', { state: 'accepted', attempts: 1 })
      expect(await die()).toEqual([...suspects(2, 'a'), ...suspects(1, 'b')])
    })

    it('put the run in quarantine that was on trial alone, where it is until it is let out', async () => {
      for (const id of ['a', 'b', 'c']) await accept(id)
      await die()
      ledger.crashes.enter('c', 'sms')
      await ledger.crashes.leave('c')
      ledger.crashes.enter('b', 'start')
      ledger.crashes.enter('b', 'condition')
      expect(await die()).toEqual(suspects(2, 'a', 'c'))
      expect(await ledger.runRow('b')).toMatchObject({
        status: 'quarantined',
        finished: null,
        error: { code: 'RUN_QUARANTINED', params: { crashes: 2 }, nodeId: 'condition' },
      })
      expect(await ledger.crashes.countQuarantined()).toBe(1)
      expect((await ledger.recover(NOW)).map(({ run }) => run.id)).toEqual(['a', 'c'])
      expect(await die()).toEqual(suspects(3, 'a', 'c'))

      expect(await ledger.crashes.release('a', false)).toBe(false)
      expect(await ledger.crashes.release('b', false)).toBe(true)
      expect(await ledger.crashes.release('b', false)).toBe(false)
      expect(await ledger.runRow('b')).toMatchObject({ status: 'running', error: null, cancelled: false })
      expect(await die()).toEqual(suspects(4, 'a', 'c'))
      expect((await ledger.runRow('b'))!.error).toMatchObject({ params: { crashes: 3 }, nodeId: 'condition' })
      expect(await ledger.crashes.release('b', true)).toBe(true)
      expect(await ledger.runRow('b')).toMatchObject({ status: 'running', error: null, cancelled: true })
    })

    it('blame nobody where several were executing, where nobody was, and where the run has got any further', async () => {
      await accept('a')
      await accept('b')
      await die()
      ledger.crashes.enter('a', 'sms')
      ledger.crashes.enter('b', 'sms')
      expect(await die()).toEqual(suspects(2, 'a', 'b'))
      ledger.crashes.enter('a', 'sms')
      await ledger.crashes.endTrials()
      expect(await die()).toEqual(suspects(3, 'a', 'b'))
      ledger.crashes.enter('a', 'sms')
      await plan('a', { state: 'accepted', attempts: 1 })
      expect(await die()).toEqual([...suspects(1, 'a'), ...suspects(4, 'b')])
      ledger.crashes.enter('b', 'sms')
      await ledger.crashes.timeIsUp('b')
      expect(await die()).toEqual([...suspects(2, 'a'), ...suspects(5, 'b')])
      await plan('b')
      ledger.crashes.enter('a', 'condition')
      ledger.crashes.enter('b', 'sms')
      expect(await die()).toEqual(suspects(3, 'a'))
      expect([await status('a'), await status('b')]).toEqual(['running', 'running'])
    })
  })
}
