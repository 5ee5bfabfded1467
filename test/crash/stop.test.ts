import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { newFolder, startProduct } from '../support/product.ts'
import { report, size } from './size.ts'
import { startTruth } from './truth.ts'
import { compareWithTruth, prepareAlarm, sendUntilGone } from './workload.ts'

const ROUNDS = size(3, 200)
const PEOPLE = 3

it(
  `leaves no text uncertain when it is told to stop under load, ${ROUNDS} times`,
  { timeout: ROUNDS * 30_000 },
  async () => {
    const sandbox = await startTruth({ decide: () => 'delay', delayMs: 60 })
    const data = newFolder()
    let product = await startProduct({ data, args: ['--no-sandbox'] })
    await prepareAlarm(product, sandbox.url, PEOPLE)

    const accepted = new Map<string, string>()
    let number = 0
    const tookMs: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const clients = Array.from({ length: 8 }, () =>
        sendUntilGone(product, () => `alarm ${number++}`, accepted),
      )
      await wait(randomInt(100, 500))
      const asked = performance.now()
      product.process.kill('SIGTERM')
      const [code] = (await once(product.process, 'exit')) as [number | null]
      tookMs.push(performance.now() - asked)
      expect(code, product.output()).toBe(0)
      await Promise.all(clients)
      product = await startProduct({ data, args: ['--no-sandbox'] })
    }

    const states = await compareWithTruth(product, sandbox, accepted, PEOPLE)
    const slowestMs = tookMs.sort((a, b) => b - a).map(Math.round)
    report('SIGTERM', { stops: ROUNDS, runs: accepted.size, states, slowestMs: slowestMs.slice(0, 5) })
    expect(states).toEqual({ accepted: accepted.size * PEOPLE, unknown: 0 })
    expect(accepted.size).toBeGreaterThan(ROUNDS)
    expect(slowestMs[0], 'what is promised').toBeLessThan(20_000)
    expect(slowestMs[Math.floor(ROUNDS / 20)], 'all but one in twenty: texts take 60 ms').toBeLessThan(5_000)
    await product.stop()
    await sandbox.close()
  },
)
