import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { triggerSettings } from '../../nodes/triggers/settings.ts'
import { flow, formula, returns } from '../support/flow.ts'
import { movingClock } from '../support/moving-clock.ts'
import { openRuntime } from '../support/open-runtime.ts'
import { newFolder, noted } from '../support/product.ts'
import { size } from './size.ts'

const DEATHS = size(8, 80)
const MINUTE_MS = 60_000
const FIRST = Date.parse('2026-06-01T12:00:00Z')
/** The clock stands this long before a minute when the process begins. */
const BEFORE_MS = 120

const atMinute = (minute: number) => new Date(FIRST + minute * MINUTE_MS).toISOString()

it(
  `each minute of a schedule starts one run over ${DEATHS} deaths around the moment it is due`,
  { timeout: 60_000 + DEATHS * 8_000 },
  async () => {
    const data = newFolder()
    const clock = movingClock(new Date(FIRST + 1_000).toISOString())
    let runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
    const graph = flow({ end: returns('at') }, { name: 'report', inputs: [{ name: 'at', type: 'text' }] })
    runtime.functions.create({ name: 'report', title: 'Report', graph })
    const { trigger } = runtime.triggers.create(
      'report',
      triggerSettings.parse({
        ...{ kind: 'schedule', name: 'Report', timeZone: 'UTC', catchUp: 'all' },
        times: { form: 'cron', cron: '* * * * *' },
        inputs: { at: formula('trigger.at') },
      }),
    )
    await runtime.triggers.switch(trigger.id, true)
    await runtime.close()

    // some minutes pass while nothing runs
    const minutes = Array.from({ length: DEATHS }, (_, death) => (death + 1) * 2)
    for (const [death, minute] of minutes.entries()) {
      const time = new Date(FIRST + minute * MINUTE_MS - BEFORE_MS).toISOString()
      const child = noted(fork(path.join(import.meta.dirname, 'schedule-child.ts'), [data, time]))
      await once(child, 'message')
      await wait(BEFORE_MS - 30 + death * 7)
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const last = minutes.at(-1)!
    clock.set(new Date(FIRST + last * MINUTE_MS + 30_000).toISOString())
    runtime = await openRuntime({ data, sandbox: false, surroundings: clock })
    const log = () => runtime.triggers.log(trigger.id, 200)
    await expect
      .poll(() => log().filter(({ runStatus }) => runStatus === 'done').length, { timeout: 20_000 })
      .toBe(last)
    const runs = await runtime.listRuns({ limit: 200 })
    const outputs = await Promise.all(runs.map(async ({ id }) => (await runtime.getRun(id))!.output))
    const due = Array.from({ length: last }, (_, index) => atMinute(index + 1))
    expect(outputs.sort(), 'each minute once').toEqual(due)
    expect(
      log()
        .map(({ at, state }) => `${at} ${state}`)
        .sort(),
    ).toEqual(due.map((at) => `${at} started`))
    await runtime.close()
  },
)
