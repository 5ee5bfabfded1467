import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { LocalRuntime } from '../../runtime/index.ts'
import { flow, sms } from '../support/flow.ts'
import { movingClock } from '../support/moving-clock.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { retentionProgram } from './boundary-program.ts'
import { report } from './size.ts'
import { startTruth } from './truth.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }
const DAY = 86_400_000
const START = Date.parse('2026-03-01T12:00:00Z')
/** Two runs are more than 90 days old then, the third is not. */
const LATE = new Date(START + 100 * DAY).toISOString()
/** With its attempt each is two rows: one run needs several commits. */
const PEOPLE = 200

const parts = ['attempt', 'receipt', 'message', 'record', 'plan', 'timer', 'http_request']

it(
  'removes a run whole or not at all, whenever the server dies in it, and leaves the others as they were',
  { timeout: 240_000 },
  async () => {
    const sandbox = await startTruth()
    const prepared = newFolder()
    const clock = movingClock(new Date(START).toISOString())
    const runtime = await openRuntime({ data: prepared, sandbox: false, environment, surroundings: clock })
    const { params } = sms('', twilioService(runtime, { endpoint: sandbox.url, concurrency: 100 }))
    const recipients = Array.from({ length: PEOPLE }, (_, at) => ({
      kind: 'member',
      id: addMember(runtime, `P${at}`, `+1202555${String(at).padStart(4, '0')}`),
    }))
    const graph = flow({ text: { type: 'sms-notification', params: { ...params, recipients } } })
    const text = async () => {
      const run = await (await runtime.startRun({ graph, input: {}, trigger: 'library' })).finished
      expect(run.status).toBe('done')
      return run.id
    }
    const old = [await text(), await text()]
    clock.advance(50 * DAY)
    const young = await text()
    const whole = rowsOf(runtime, young)
    await runtime.close()
    await sandbox.close()

    const found = { whole: 0, begun: 0, gone: 0 }
    let deaths = 0
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        const data = newFolder()
        cpSync(prepared, data, { recursive: true })
        const { signal } = await retentionProgram({ data, time: LATE, environment }, { at, when })
        const place = `${when} boundary ${at}`
        const surroundings = movingClock(LATE)
        const looked = await openRuntime({ data, sandbox: false, environment, surroundings, isAsleep: true })
        expect(rowsOf(looked, young), place).toEqual(whole)
        for (const id of old) {
          const isMarked = countOf(looked, 'run_removal', id) > 0
          const left = rowsOf(looked, id)
          const isGone = Object.values(left).every((count) => count === 0)
          if (isMarked) expect(left['run'], `${place}: the run itself goes last`).toBe(1)
          else if (!isGone) expect(left, `${place}: nothing of it is removed unmarked`).toEqual(whole)
          found[isMarked ? 'begun' : isGone ? 'gone' : 'whole']++
        }
        await looked.close()

        await retentionProgram({ data, time: LATE, environment })
        const after = await openRuntime({ data, sandbox: false, environment, surroundings, isAsleep: true })
        for (const id of old)
          expect(Object.values(rowsOf(after, id)), place).toEqual(parts.map(() => 0).concat(0))
        expect(rowsOf(after, young), place).toEqual(whole)
        await after.close()
        if (signal === null) break // it lived to its end: there is no such boundary
        deaths++
      }
    }
    report('death at every boundary of a removal', { deaths, ...found })
    expect(deaths).toBeGreaterThanOrEqual(6)
    for (const count of Object.values(found)) expect(count).toBeGreaterThan(0)
  },
)

/** How many rows of each kind a run has, its own included. */
function rowsOf(runtime: LocalRuntime, id: string): Record<string, number> {
  const own = runtime.store.database.prepare('SELECT count(*) AS count FROM run WHERE id = ?').get(id)
  const counts = parts.map((table) => [table, countOf(runtime, table, id)])
  return { ...(Object.fromEntries(counts) as Record<string, number>), run: Number(own!['count']) }
}

function countOf({ store }: LocalRuntime, table: string, id: string): number {
  return Number(
    store.database.prepare(`SELECT count(*) AS count FROM ${table} WHERE run_id = ?`).get(id)!['count'],
  )
}
