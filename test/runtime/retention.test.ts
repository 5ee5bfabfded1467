import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { triggerSettings } from '../../nodes/triggers/settings.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import { fixed, flow, returns, sms } from '../support/flow.ts'
import type { FlowNode } from '../support/flow.ts'
import { notifyGraph } from '../support/inbox.ts'
import { movingClock } from '../support/moving-clock.ts'
import type { MovingClock } from '../support/moving-clock.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'

const DAY = 86_400_000

let runtime: LocalRuntime
let data: string
let clock: MovingClock
const open = async () => (runtime = await openRuntime({ data, surroundings: clock }))
beforeEach(async () => {
  data = newFolder()
  clock = movingClock('2026-03-01T12:00:00Z')
  await open()
})
afterEach(() => runtime.close())

const run = async (nodes: Record<string, FlowNode>, idempotencyKey?: string) => {
  const key = idempotencyKey === undefined ? {} : { idempotencyKey }
  return (await runtime.startRun({ graph: flow(nodes), input: {}, trigger: 'library', ...key })).finished
}
const fails: FlowNode = { type: 'throw-error', params: { message: fixed('Pump 7 is dry') } }
const ids = async () => (await runtime.listRuns({ limit: 100 })).map(({ id }) => id).reverse()
/** Rows that belong to a run. */
const rowsOf = (id: string) =>
  ['record', 'message', 'attempt', 'receipt', 'plan', 'timer', 'http_request', 'run_removal'].filter(
    (table) =>
      runtime.store.database.prepare(`SELECT 1 FROM ${table} WHERE run_id = ?`).get(id) !== undefined,
  )

describe('retention', () => {
  it('removes ended runs with all that belongs to them after 90 days, and keeps younger ones', async () => {
    const service = twilioService(runtime)
    const old = await run({
      text: { ...sms(addMember(runtime, 'Ada', '+12025550101'), service), to: { sent: 'end' } },
      end: returns('1'),
    })
    expect(old.status).toBe('done')
    clock.advance(60 * DAY)
    const young = await run({ end: returns('2') })
    expect(await runtime.retention.sweep()).toBe(0)
    clock.advance(31 * DAY)
    expect(await runtime.retention.sweep()).toBe(1)
    expect(await ids()).toEqual([young.id])
    expect(rowsOf(old.id)).toEqual([])
    expect(await runtime.getRun(old.id)).toBeUndefined()
  })

  it('takes the time from the settings, and keeps everything where they say so', async () => {
    await run({ end: returns('1') })
    runtime.settings.setRetentionDays(null)
    clock.advance(5_000 * DAY)
    expect(await runtime.retention.sweep()).toBe(0)
    runtime.settings.setRetentionDays(8)
    expect(await runtime.retention.sweep()).toBe(1)
  })

  it('removes a run of many texts over many commits, and goes on after a restart', async () => {
    const service = twilioService(runtime)
    const people = Array.from({ length: 900 }, (_, at) => `+1202555${String(at).padStart(4, '0')}`)
    const recipients = people.map((phone, at) => ({
      kind: 'member',
      id: addMember(runtime, `P${at}`, phone),
    }))
    const { params } = sms('', service)
    const old = await run({ text: { type: 'sms-notification', params: { ...params, recipients } } })
    clock.advance(100 * DAY)
    const sweep = runtime.retention.sweep()
    await expect.poll(() => rowsOf(old.id), { interval: 1 }).toContain('run_removal')
    await runtime.close()
    await sweep
    await open()
    if (rowsOf(old.id).length > 0) expect(await runtime.retention.sweep()).toBe(1)
    expect(rowsOf(old.id)).toEqual([])
    expect(await ids()).toEqual([])
  })

  it('keeps runs under way and those with texts that nobody knows the outcome of', async () => {
    const service = twilioService(runtime)
    const waits = await runtime.startRun({
      ...{ input: {}, trigger: 'library' },
      graph: flow({ wait: { type: 'wait', params: { amount: fixed(400), unit: 'days' } } }),
    })
    const unknown = await run({ text: sms(addMember(runtime, 'Ada', '+12025550101'), service) })
    runtime.store.database.prepare("UPDATE message SET state = 'unknown' WHERE run_id = ?").run(unknown.id)
    clock.advance(300 * DAY)
    expect(await runtime.retention.sweep()).toBe(0)
    expect(await ids()).toEqual([waits.id, unknown.id])
  })

  it('keeps what a kept run has called or goes on with, and removes all of it together', async () => {
    const inner = flow({ end: returns('7') }, { name: 'inner' })
    runtime.functions.create({ name: 'inner', title: 'inner', graph: inner })
    const first = await run({
      call: { type: 'call-function', params: { function: 'inner', inputs: {} }, to: { next: 'stop' } },
      stop: fails,
    })
    clock.advance(85 * DAY)
    const second = await (await runtime.retryRun(first.id, 'library')).finished
    expect(second.status).toBe('failed')
    clock.advance(10 * DAY)
    expect(await runtime.retention.sweep()).toBe(0)
    expect((await ids()).length).toBe(3)
    clock.advance(90 * DAY)
    expect(await runtime.retention.sweep()).toBe(3)
    expect(await ids()).toEqual([])
  })

  it('answers a repeated request with its run for 8 days at least, and starts a new one when it is gone', async () => {
    runtime.settings.setRetentionDays(8)
    const first = await run({ end: returns('1') }, 'alarm 1')
    clock.advance(7.9 * DAY)
    await runtime.retention.sweep()
    expect((await run({ end: returns('1') }, 'alarm 1')).id).toBe(first.id)
    clock.advance(0.2 * DAY)
    expect(await runtime.retention.sweep()).toBe(1)
    const second = await run({ end: returns('1') }, 'alarm 1')
    expect(second).toMatchObject({ status: 'done' })
    expect(second.id).not.toBe(first.id)
  })

  it('removes inbox entries, read or not, and leaves those of runs under way', async () => {
    const ada = addMember(runtime, 'Ada', '')
    const graph = notifyGraph([{ kind: 'member', id: ada }])
    await (
      await runtime.startRun({ graph, input: {}, trigger: 'library' })
    ).finished
    clock.advance(60 * DAY)
    await (
      await runtime.startRun({ graph, input: {}, trigger: 'library' })
    ).finished
    clock.advance(31 * DAY)
    await runtime.retention.sweep()
    expect(runtime.inbox.list(ada)).toMatchObject({ entries: [{}], unread: 1 })
    expect((await ids()).length).toBe(1)
  })

  it('removes what triggers were set off by', async () => {
    runtime.functions.create({
      name: 'echo',
      title: 'Echo',
      graph: flow({ end: returns('1') }, { name: 'echo' }),
    })
    const settings = triggerSettings.parse({ kind: 'event', name: 'Alarm', event: 'alarm', inputs: {} })
    const { id } = runtime.triggers.create('echo', settings).trigger
    await runtime.triggers.switch(id, true)
    await runtime.triggers.event('alarm', {})
    clock.advance(60 * DAY)
    await runtime.triggers.event('alarm', {})
    clock.advance(31 * DAY)
    await runtime.retention.sweep()
    expect(runtime.triggers.log(id, 10)).toMatchObject([{ state: 'started', runStatus: 'done' }])
  })

  it('removes the graphs of removed runs, but not those of runs and versions that are there, or of runs to come', async () => {
    const graphs = () =>
      runtime.store.database
        .prepare('SELECT graph FROM graph_version')
        .all()
        .map((row) => (JSON.parse(String(row['graph'])) as { name: string }).name)
        .sort()
    const named = (name: string) => ({ graph: flow({ end: returns('1') }, { name }), title: name, name })
    for (const name of ['draft', 'published']) runtime.functions.create(named(name))
    runtime.publish('published')
    const start = async (functionName: string) => (await runtime.run(functionName)).id
    await runtime
      .startRun({ graph: named('passing').graph, input: {}, trigger: 'library' })
      .then(({ finished }) => finished)
    await start('draft')
    await start('published')
    clock.advance(60 * DAY)
    await runtime
      .startRun({ graph: named('young').graph, input: {}, trigger: 'library' })
      .then(({ finished }) => finished)
    clock.advance(31 * DAY)
    expect(await runtime.retention.sweep()).toBe(3)
    expect(graphs()).toEqual(['published', 'young'])
    // the same draft is run once more: its graph is there again, also for the next process
    const again = await start('draft')
    expect(graphs()).toEqual(['draft', 'published', 'young'])
    await runtime.close()
    await open()
    expect((await runtime.runGraph(again)).name).toBe('draft')
  })

  it('lets no run go on with one that is being removed', async () => {
    const failed = await run({ stop: fails })
    runtime.store.database.prepare('INSERT INTO run_removal (run_id) VALUES (?)').run(failed.id)
    await expect(runtime.retryRun(failed.id, 'library')).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
