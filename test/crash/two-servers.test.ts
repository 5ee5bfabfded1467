import { expect, it } from 'vitest'
import { newFolder, runCli, startProduct } from '../support/product.ts'
import { report, size } from './size.ts'

const RACES = size(4, 300)
const STALE_LOCKS = size(3, 50)

it(
  `lets one of two servers have a data folder, ${RACES} times`,
  { timeout: 60_000 + RACES * 10_000 },
  async () => {
    const data = newFolder()
    await (await startProduct({ data })).stop()
    let slowestMs = 0
    for (let race = 0; race < RACES; race++) {
      const started = performance.now()
      const outcomes = await Promise.allSettled([startProduct({ data }), startProduct({ data })])
      slowestMs = Math.max(slowestMs, performance.now() - started)
      const winners = outcomes.filter(({ status }) => status === 'fulfilled')
      expect(winners, 'servers that started').toHaveLength(1)
      const loser = outcomes.find((outcome) => outcome.status === 'rejected')!
      expect(String(loser.reason)).toMatch(/ended with 1:\n.*using the data folder/s)
      const winner = (winners[0] as PromiseFulfilledResult<Awaited<ReturnType<typeof startProduct>>>).value
      expect((await winner.api('GET', '/healthz')).status).toBe(200)
      expect(await winner.stop()).toBe(0)
    }
    report('two servers', { races: RACES, slowestMs: Math.round(slowestMs) })
  },
)

it(
  'is not stopped by what a killed server left behind',
  { timeout: 60_000 + STALE_LOCKS * 10_000 },
  async () => {
    const data = newFolder()
    for (let round = 0; round < STALE_LOCKS; round++) {
      const product = await startProduct({ data })
      await product.kill()
    }
    const product = await startProduct({ data })
    const second = await runCli(['start', '--port', '0', '--data', data])
    expect(second.code).toBe(1)
    await product.stop()
  },
)
