import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Restoration } from '../../nodes/api/restoration.ts'
import type { Run, RunPage, RunSummary } from '../../nodes/api/runs.ts'
import type { AuditPage } from '../../nodes/api/audit.ts'
import { newFolder, runCli, startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { report, size } from './size.ts'
import { countStates, messagesOf, startTruth, takenTexts } from './truth.ts'
import { finishedRun, phoneOf, prepareAlarm, sendUntilGone } from './workload.ts'

const ROUNDS = size(2, 50)
const PEOPLE = 3
const MORE_RUNS = 40

it(
  `texts nobody twice after a restore from a backup that was taken under load, ${ROUNDS} times`,
  { timeout: ROUNDS * 60_000 },
  async () => {
    const figures = { runs: 0, held: 0, accepted: 0, unknown: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const sandbox = await startTruth({ decide: () => 'delay', delayMs: 60 })
      const original = await startProduct({ args: ['--no-sandbox'] })
      await prepareAlarm(original, sandbox.url, PEOPLE)
      const accepted = new Map<string, string>()
      let number = 0
      const clients = Array.from({ length: 8 }, () =>
        sendUntilGone(original, () => `alarm ${number++}`, accepted),
      )
      await until(() => accepted.size > MORE_RUNS)
      const file = path.join(newFolder(), 'backup.db')
      const taken = await runCli(['backup', file, '--data', original.data])
      expect(taken, taken.stderr).toMatchObject({ code: 0 })
      const textsThen = takenTexts(sandbox).size
      const runsThen = accepted.size
      await until(
        () => accepted.size > runsThen + MORE_RUNS && takenTexts(sandbox).size > textsThen + MORE_RUNS,
      )
      await original.kill()
      await Promise.all(clients)

      const data = path.join(newFolder(), 'new')
      expect(await runCli(['restore', file, '--data', data])).toMatchObject({ code: 0 })
      const restored = await startProduct({ data, args: ['--no-sandbox'] })
      const { body: first } = await restored.api<{ latest: Restoration }>('GET', '/api/restoration')
      const { held } = first.latest
      expect(held, 'runs were under way').toBeGreaterThan(0)
      expect(first.latest.runs).toBe(held)
      expect(restored.output()).toContain(`are held: ${held}`)
      const { body: log } = await restored.api<AuditPage>('GET', '/api/audit?thing=store')
      expect(log.entries).toMatchObject([
        { verb: 'restore', who: { kind: 'server' }, detail: { taken: first.latest.taken, runs: held } },
      ])
      expect((await runCli(['audit', 'verify', '--data', data])).stdout).toContain('is whole')

      // a new run works at once, while the others are held
      const { body: fresh } = await restored.api<Run>('POST', '/api/functions/alarm/runs', { who: 'new one' })
      expect(fresh.status).toBe('done')
      const ids = await heldIds(restored)
      expect(ids).toHaveLength(held)
      const one = (await restored.api<Run>('GET', `/api/runs/${ids[0]}`)).body
      expect(one).toMatchObject({ status: 'quarantined', finished: null, error: { code: 'RUN_RESTORED' } })
      expectNobodyTwice(sandbox)
      const fromTheBegin = await notBegun(restored, ids)
      expect(fromTheBegin.size, 'most had planned their texts').toBeLessThan(held / 2)

      // each goes on, or is cancelled, or all go on: what was planned then is sent by nobody
      expect((await restored.api<Run>('POST', `/api/runs/${ids[0]}/resume`)).status).toBe(200)
      await restored.api<Run>('POST', `/api/runs/${ids[1]}/cancel`)
      const { body: all } = await restored.api<{ resumed: number }>('POST', '/api/restoration/resume')
      expect(all.resumed).toBe(held - 2)
      for (const id of ids) {
        const { accepted: taken = 0, unknown = 0 } = countStates(messagesOf(await finishedRun(restored, id)))
        figures.accepted += taken
        figures.unknown += unknown
      }
      const { body: last } = await restored.api<{ latest: Restoration }>('GET', '/api/restoration')
      expect(last.latest.held).toBe(0)
      const known = takenTexts(sandbox)
      for (let person = 0; person < PEOPLE; person++) {
        expect(known.get(`${phoneOf(person)} Hello new one`)).toBe(1)
      }
      expectNobodyTwice(sandbox, fromTheBegin)
      figures.runs += accepted.size
      figures.held += held
      expect(await restored.stop()).toBe(0)
      await sandbox.close()
    }
    report('restore', { restores: ROUNDS, ...figures })
  },
)

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(20)
}

async function heldIds(product: Product): Promise<string[]> {
  const ids: string[] = []
  for (let before: string | null = ''; before !== null;) {
    const query: string = before === '' ? '' : `&before=${before}`
    const { body } = await product.api<RunPage>(
      'GET',
      `/api/runs/search?status=quarantined&limit=200${query}`,
    )
    ids.push(...body.runs.map(({ id }: RunSummary) => id))
    before = body.next
  }
  return ids
}

/** Texts of runs that had planned nothing in the backup: whoever lets these go on has them begin. */
async function notBegun(product: Product, ids: readonly string[]): Promise<Set<string>> {
  const texts = new Set<string>()
  for (const id of ids) {
    const { body } = await product.api<Run>('GET', `/api/runs/${id}`)
    if (messagesOf(body).length === 0) texts.add(String((body.input as { who: string }).who))
  }
  return texts
}

function expectNobodyTwice(sandbox: Parameters<typeof takenTexts>[0], except = new Set<string>()): void {
  const repeated = [...takenTexts(sandbox)].filter(
    ([text, times]) => times > 1 && !except.has(text.slice(text.indexOf('Hello ') + 6)),
  )
  expect(repeated, 'texts that one person got more than once').toEqual([])
}
