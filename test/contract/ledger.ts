import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger, MessageRow, NewRun, StepRecord } from '../../runtime/ledger/ledger.ts'

/** What every ledger must keep. `reopen` answers a ledger on the same store, as after a restart. */
export function testLedger(
  open: () => Promise<{ ledger: Ledger; reopen: () => Promise<Ledger>; close: () => Promise<void> }>,
) {
  let ledger: Ledger
  let reopen: () => Promise<Ledger>
  let close: () => Promise<void>
  beforeEach(async () => ({ ledger, reopen, close } = await open()))
  afterEach(() => close())

  const newRun = (number: number): NewRun => ({
    id: `0000000000000000000000000${number}`,
    functionName: 'alarm',
    version: 'v1',
    trigger: 'http',
    input: { device: 'Pump 7' },
    created: 1_000 + number,
  })
  const message = (run: NewRun, number: number, change: Partial<MessageRow> = {}): MessageRow => ({
    runId: run.id,
    number,
    path: 'sms',
    serviceId: 'service',
    memberId: `member-${number}`,
    name: 'Ada',
    phone: '+12025550101',
    reasons: [{ kind: 'member', id: `member-${number}` }],
    body: { text: 'Hello' },
    state: 'planned',
    skipped: undefined,
    attempts: 0,
    wakeAt: undefined,
    providerId: undefined,
    segments: undefined,
    error: undefined,
    created: 1_000,
    updated: 1_000,
    ...change,
  })
  const step = (path: string): StepRecord => ({
    path,
    node: path,
    type: 'start',
    status: 'done',
    port: 'next',
    started: 1_000,
    finished: 1_001,
  })
  const done = { status: 'done' as const, output: 'answer', error: null, finished: 2_000, steps: [] }
  const plan = (run: NewRun, messages: MessageRow[], steps: StepRecord[] = []) =>
    ledger.planMessages(messages, { runId: run.id, number: 0, steps })

  it('notes the beginning of a request once, with the steps before it, over a restart', async () => {
    const run = newRun(1)
    await ledger.acceptRun(run)
    const begin = (number: number, steps: StepRecord[]) =>
      ledger.beginRequest('http', 1_000, { runId: run.id, number, steps })
    expect(await begin(0, [step('start')])).toBe(true)
    ledger = await reopen()
    expect(await begin(1, [])).toBe(false)
    expect((await ledger.run(run.id))!.steps.map(({ path }) => path)).toEqual(['start'])
    await expect(
      ledger.beginRequest('http', 1_000, { runId: 'never accepted', number: 0, steps: [] }),
    ).rejects.toThrow()
  })

  describe('runs', () => {
    it('keeps a run, its steps in order and its end over a restart', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      await ledger.planMessages([], { runId: run.id, number: 0, steps: [step('start'), step('severe')] })
      await ledger.planMessages([], { runId: run.id, number: 2, steps: [step('sms')] })
      expect(await ledger.finishRun(run.id, { ...done, steps: [step('return')] })).toBe(true)
      ledger = await reopen()
      const kept = (await ledger.run(run.id))!
      expect(kept.run).toMatchObject({
        ...run,
        status: 'done',
        output: 'answer',
        finished: 2_000,
        cancelled: false,
      })
      expect(kept.steps.map(({ path }) => path)).toEqual(['start', 'severe', 'sms', 'return'])
      expect(await ledger.recover(3_000)).toEqual([])
    })

    it('lists runs newest first, by function, in pages', async () => {
      for (const number of [1, 2, 3]) await ledger.acceptRun(newRun(number))
      await ledger.acceptRun({ ...newRun(4), functionName: 'other' })
      const ids = async (filter: Parameters<Ledger['runs']>[0]) =>
        (await ledger.runs(filter)).map(({ id }) => Number(id.at(-1)))
      expect(await ids({ limit: 10 })).toEqual([4, 3, 2, 1])
      expect(await ids({ function: 'alarm', limit: 2 })).toEqual([3, 2])
      expect(await ids({ function: 'alarm', before: newRun(2).id, limit: 2 })).toEqual([1])
    })

    it('keeps a graph under its hash, once', async () => {
      await ledger.keepGraph('hash', '{"first":true}', 1)
      await ledger.keepGraph('hash', '{"second":true}', 2)
      expect(await ledger.graph('hash')).toBe('{"first":true}')
      expect(await ledger.graph('other')).toBeUndefined()
    })

    it('gives an idempotency key to one run only', async () => {
      await ledger.acceptRun(newRun(1), { key: 'order-7', inputHash: 'a' })
      await expect(ledger.acceptRun(newRun(2), { key: 'order-7', inputHash: 'a' })).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      expect(await ledger.run(newRun(2).id)).toBeUndefined()
      expect(await ledger.findIdempotent('order-7')).toEqual({
        key: 'order-7',
        inputHash: 'a',
        runId: newRun(1).id,
      })
    })

    it('does not let a refused write take its neighbours of the same commit with it', async () => {
      await ledger.acceptRun(newRun(1))
      const results = await Promise.allSettled([
        ledger.acceptRun(newRun(2)),
        ledger.acceptRun(newRun(1)),
        ledger.acceptRun(newRun(3)),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await ledger.runs({ limit: 10 })).toHaveLength(3)
    })
  })

  describe('messages', () => {
    it('lets exactly one claim of an attempt through', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      const planned = message(run, 0)
      await plan(run, [planned])
      const claims = await Promise.all([1, 2, 3].map(() => ledger.claimMessage(planned, 1)))
      expect(claims).toEqual([true, false, false])
      expect(await ledger.claimMessage(planned, 2)).toBe(false)
    })

    it('allows the next attempt only after the message waits for it', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      const planned = message(run, 0)
      await plan(run, [planned])
      await ledger.claimMessage(planned, 1)
      await ledger.settleMessage(
        { ...planned, state: 'retry-wait', attempts: 1, wakeAt: 5_000 },
        { attempt: 1, started: 1, finished: 2, outcome: 'throttled', evidence: { providerCode: '20429' } },
      )
      expect((await ledger.run(run.id))!.messages).toMatchObject([{ state: 'retry-wait', wakeAt: 5_000 }])
      expect(await ledger.claimMessage(planned, 1)).toBe(false)
      expect(await ledger.claimMessage(planned, 2)).toBe(true)
      expect(await ledger.attempts(run.id, 0)).toMatchObject([
        { attempt: 1, outcome: 'throttled', evidence: { providerCode: '20429' } },
      ])
    })

    it('keeps an accepted message accepted', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      const sent = message(run, 0, { state: 'dispatching', attempts: 1 })
      await plan(run, [sent])
      await ledger.settleMessage({ ...sent, state: 'accepted', providerId: 'SM1', segments: 2 })
      await ledger.settleMessage({ ...sent, state: 'unknown' })
      expect(await ledger.claimMessage(sent, 2)).toBe(false)
      expect((await ledger.run(run.id))!.messages).toMatchObject([
        { state: 'accepted', providerId: 'SM1', segments: 2 },
      ])
    })

    it('does not end a run before its messages have', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      const open = message(run, 0, { state: 'dispatching', attempts: 1 })
      await plan(run, [open, message(run, 1, { state: 'suppressed', skipped: 'no-phone' })])
      expect(await ledger.finishRun(run.id, done)).toBe(false)
      await ledger.settleMessage({ ...open, state: 'unknown' })
      expect(await ledger.finishRun(run.id, done)).toBe(true)
    })

    it('refuses messages of a run that was never accepted', async () => {
      await expect(plan(newRun(1), [message(newRun(1), 0)])).rejects.toThrow()
    })
  })

  describe('many messages at once', () => {
    it('are claimed for one request with one answer each, and settled together', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      const messages = [0, 1, 2].map((number) => message(run, number, { options: { batch: 0 } }))
      await plan(run, messages)
      await ledger.settleMessage({ ...messages[1]!, state: 'cancelled' })
      expect(await ledger.claimMessages(messages)).toEqual([true, false, true])
      expect(await ledger.claimMessages(messages)).toEqual([false, false, false])
      const attempt = {
        attempt: 1,
        started: 1_100,
        finished: 1_200,
        outcome: 'rejected' as const,
        serviceId: 'service',
        evidence: { providerCode: 'X' },
      }
      await ledger.settleMessages([
        {
          message: { ...messages[0]!, attempts: 1, state: 'accepted', providerId: 'B1' },
          attempt: undefined,
        },
        { message: { ...messages[2]!, attempts: 1, state: 'rejected' }, attempt },
      ])
      ledger = await reopen()
      expect((await ledger.run(run.id))!.messages).toMatchObject([
        { state: 'accepted', attempts: 1, providerId: 'B1', options: { batch: 0 } },
        { state: 'cancelled', attempts: 0 },
        { state: 'rejected', attempts: 1 },
      ])
      expect(await ledger.attempts(run.id, 2)).toEqual([attempt])
    })

    it('of a plan that was not written to its end are told from those of a whole one, and forgotten', async () => {
      const run = newRun(1)
      await ledger.acceptRun(run)
      const parts = (path: string) =>
        [0, 1].map((number) => message(run, path === 'sms' ? number : 2 + number, { path }))
      const steps = { runId: run.id, number: 0, steps: [step('start')] }
      await ledger.planMessages(parts('sms').slice(0, 1), steps, 2)
      await ledger.planMessages(parts('sms').slice(1), { ...steps, number: 1, steps: [] })
      await ledger.planMessages(parts('later'), { ...steps, number: 2, steps: [] }, 3)
      ledger = await reopen()
      const [open] = await ledger.recover(3_000)
      expect(open!.brokenPlans).toEqual(['later'])
      await ledger.dropPlan(run.id, 'later')
      const kept = (await ledger.run(run.id))!
      expect(kept.brokenPlans).toEqual([])
      expect(kept.messages.map(({ path }) => path)).toEqual(['sms', 'sms'])
    })
  })

  it('gives a message to another service, attempt and all', async () => {
    const run = newRun(1)
    await ledger.acceptRun(run)
    const sent = message(run, 0, { state: 'dispatching', attempts: 1 })
    await plan(run, [sent])
    const options = { earlierAttempts: 1, earlierServices: ['service'] }
    const handedOver = { ...sent, state: 'planned' as const, serviceId: 'other', options }
    await ledger.handOver(handedOver, {
      attempt: 1,
      started: 1_100,
      finished: 1_200,
      outcome: 'rejected',
      serviceId: 'service',
      evidence: {},
    })
    expect(await ledger.claimMessage(handedOver, 2)).toBe(true)
    ledger = await reopen()
    expect((await ledger.run(run.id))!.messages).toMatchObject([
      { serviceId: 'other', state: 'dispatching', attempts: 2, options },
    ])
    expect(await ledger.attempts(run.id, 0)).toMatchObject([{ attempt: 1, serviceId: 'service' }])
  })

  it('keeps what a service has used up with the claim that used it', async () => {
    const run = newRun(1)
    await ledger.acceptRun(run)
    await plan(run, [message(run, 0), message(run, 1)])
    const usage = { serviceId: 'service', dueAt: 1_500.25, day: '2026-03-01', messages: 1, segments: 2 }
    await ledger.claimMessage(message(run, 0), 1, usage)
    const later = { ...usage, dueAt: 1_900, messages: 2, segments: 4 }
    await ledger.claimMessages([message(run, 1)], later)
    ledger = await reopen()
    expect(await ledger.serviceUsages()).toEqual([later])
  })

  it('recovers: what was on its way becomes unknown, the rest goes on where it stood', async () => {
    const run = newRun(1)
    await ledger.acceptRun(run)
    const messages = [
      message(run, 0, { state: 'dispatching', attempts: 1 }),
      message(run, 1),
      message(run, 2, { state: 'suppressed', skipped: 'resigned' }),
    ]
    await plan(run, messages, [step('start')])
    await ledger.requestCancel(run.id)
    await ledger.acceptRun(newRun(2))
    await ledger.finishRun(newRun(2).id, done)
    ledger = await reopen()
    const open = await ledger.recover(9_000)
    expect(open).toHaveLength(1)
    expect(open[0]!.run).toMatchObject({ id: run.id, cancelled: true, finished: null })
    expect(open[0]!.steps).toMatchObject([{ path: 'start', status: 'done' }])
    expect(open[0]!.messages).toMatchObject([
      { state: 'unknown', attempts: 1, error: { code: 'SMS_OUTCOME_UNKNOWN' }, updated: 9_000 },
      { state: 'planned', attempts: 0 },
      { state: 'suppressed', skipped: 'resigned' },
    ])
  })
}
