import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { triggerSettings } from '../../../nodes/triggers/settings.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { flow, formula, returns } from '../../support/flow.ts'
import { movingClock } from '../../support/moving-clock.ts'
import { openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

let clock: ReturnType<typeof movingClock>
let runtime: LocalRuntime
let data: string

const open = async () => {
  runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
}
/** The server is down until then. */
const openAgainAt = async (time: string) => {
  await runtime.close()
  clock.set(time)
  await open()
}
beforeEach(() => {
  data = newFolder()
})
afterEach(() => runtime.close())

async function schedule(settings: object): Promise<string> {
  runtime.functions.create({
    name: 'report',
    title: 'Report',
    graph: flow({ end: returns('at') }, { name: 'report', inputs: [{ name: 'at', type: 'datetime' }] }),
  })
  const { trigger } = runtime.triggers.create(
    'report',
    triggerSettings.parse({
      ...{
        kind: 'schedule',
        name: 'Report',
        timeZone: 'Europe/Berlin',
        inputs: { at: formula('trigger.at') },
      },
      ...settings,
    }),
  )
  await runtime.triggers.switch(trigger.id, true)
  return trigger.id
}
const hourly = { times: { form: 'cron', cron: '0 * * * *' } }
const lines = (id: string) =>
  runtime.triggers.log(id, 200).map(({ at, state }) => `${at.slice(5, 16)} ${state}`)
const next = () => runtime.triggers.list('report')[0]!.next

test('starts its function when it is due, with the time it was due, and says when it is due next', async () => {
  clock = movingClock('2026-06-01T07:30:00Z')
  await open()
  const id = await schedule({ times: { form: 'day', time: '10:00' } })
  expect(next()).toBe('2026-06-01T08:00:00.000Z')
  await openAgainAt('2026-06-01T07:59:59.600Z')
  await expect.poll(() => lines(id), { timeout: 5_000 }).toEqual(['06-01T08:00 started'])
  const { run } = runtime.triggers.log(id, 1)[0]!
  await expect
    .poll(() => runtime.getRun(run!))
    .toMatchObject({ trigger: 'schedule', triggerId: id, output: '2026-06-01T08:00:00.000Z', status: 'done' })
  expect(next()).toBe('2026-06-02T08:00:00.000Z')
})

test('fires nothing that was due before it was switched on, nor while it is off', async () => {
  clock = movingClock('2026-06-01T07:30:00Z')
  await open()
  const id = await schedule({ ...hourly, catchUp: 'all' })
  await runtime.triggers.switch(id, false)
  expect(next()).toBeNull()
  await openAgainAt('2026-06-01T11:30:00Z')
  await runtime.triggers.switch(id, true)
  await openAgainAt('2026-06-01T12:00:01Z')
  await expect.poll(() => lines(id)).toEqual(['06-01T12:00 started'])
})

describe('what was missed while the server was down', () => {
  beforeEach(async () => {
    clock = movingClock('2026-06-01T07:30:00Z')
    await open()
  })

  test('is left out with skip, and noted', async () => {
    const id = await schedule({ ...hourly, catchUp: 'skip' })
    await openAgainAt('2026-06-01T10:30:00Z')
    await expect.poll(() => lines(id)).toEqual(['06-01T10:00 skipped'])
    expect(runtime.triggers.log(id, 1)[0]!.reason).toMatchObject({
      code: 'TRIGGER_MISSED',
      params: { count: 3 },
    })
    expect(next()).toBe('2026-06-01T11:00:00.000Z')
  })

  test('is made up by one run with once', async () => {
    const id = await schedule({ ...hourly, catchUp: 'once' })
    await openAgainAt('2026-06-01T10:30:00Z')
    await expect.poll(() => lines(id)).toEqual(['06-01T10:00 started', '06-01T09:00 skipped'])
  })

  test('is made up time by time with all', async () => {
    const id = await schedule({ ...hourly, catchUp: 'all' })
    await openAgainAt('2026-06-01T10:30:00Z')
    await expect
      .poll(() => lines(id))
      .toEqual(['06-01T10:00 started', '06-01T09:00 started', '06-01T08:00 started'])
  })

  test('is no more than a hundred times, and says that there were more', async () => {
    const id = await schedule({ times: { form: 'cron', cron: '* * * * *' }, catchUp: 'all' })
    await openAgainAt('2026-06-02T07:30:00Z')
    await expect.poll(() => lines(id).filter((line) => line.endsWith('started'))).toHaveLength(100)
    expect(lines(id).filter((line) => line.endsWith('skipped'))).toHaveLength(1)
  })

  test('is on time where the server was down for a moment only', async () => {
    const id = await schedule({ ...hourly, catchUp: 'skip' })
    await openAgainAt('2026-06-01T08:00:40Z')
    await expect.poll(() => lines(id)).toEqual(['06-01T08:00 started'])
  })

  test('is fired once over any number of restarts, and nothing a second time where the clock is put back', async () => {
    const id = await schedule({ ...hourly, catchUp: 'all' })
    for (const time of ['08:00:01', '08:00:02', '07:50:00', '08:00:03', '09:00:01', '08:30:00', '10:00:01']) {
      await openAgainAt(`2026-06-01T${time}Z`)
    }
    await expect
      .poll(() => lines(id))
      .toEqual(['06-01T10:00 started', '06-01T09:00 started', '06-01T08:00 started'])
  })
})

test('rests on holidays, also on those that are written down later', async () => {
  clock = movingClock('2026-12-24T12:00:00Z')
  await open()
  const id = await schedule({ times: { form: 'day', time: '09:00' }, skipHolidays: true, catchUp: 'all' })
  expect(next()).toBe('2026-12-25T08:00:00.000Z')
  runtime.triggers.setHolidays([
    { date: '2026-12-25', name: 'Christmas Day' },
    { date: '2026-12-26', name: '' },
  ])
  expect(next()).toBe('2026-12-27T08:00:00.000Z')
  await openAgainAt('2026-12-27T12:00:00Z')
  await expect.poll(() => lines(id)).toEqual(['12-27T08:00 started'])
  const times = { times: { form: 'day' as const, time: '09:00' }, timeZone: 'Europe/Berlin' }
  clock.set('2026-12-24T12:00:00Z')
  expect(runtime.triggers.nextTimes({ ...times, skipHolidays: true }, 1)).toEqual([
    '2026-12-27T08:00:00.000Z',
  ])
  expect(runtime.triggers.nextTimes({ ...times, skipHolidays: false }, 1)).toEqual([
    '2026-12-25T08:00:00.000Z',
  ])
})

test('refuses a pattern that cannot be read, and times that never come', async () => {
  clock = movingClock('2026-06-01T07:30:00Z')
  await open()
  const refusedBy = (cron: string) => {
    try {
      runtime.triggers.nextTimes({ times: { form: 'cron', cron }, timeZone: 'UTC', skipHolidays: false })
    } catch (error) {
      return (error as { fields: { path: string; key: string }[] }).fields
    }
    return 'taken'
  }
  expect(refusedBy('61 * * * *')).toMatchObject([{ path: 'settings/times/cron', key: 'cron' }])
  expect(refusedBy('0 0 31 2 *')).toMatchObject([{ path: 'settings/times', key: 'cronNever' }])
  expect(refusedBy('0 0 * * 1')).toBe('taken')
})
