import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { newFolder, startProduct } from '../support/product.ts'
import { report, size } from './size.ts'
import { startTruth } from './truth.ts'
import { compareWithTruth, prepareAlarm, sendUntilGone } from './workload.ts'

const ROUNDS = size(20, 1_000)
const PEOPLE = 3

it(
  `loses no accepted run and texts nobody twice over ${ROUNDS} times kill -9`,
  { timeout: ROUNDS * 12_000 },
  async () => {
    const sandbox = await startTruth({ decide: () => 'delay', delayMs: 40 })
    const data = newFolder()
    let product = await startProduct({ data, args: ['--no-sandbox'] })
    await prepareAlarm(product, sandbox.url, PEOPLE)

    const accepted = new Map<string, string>() // run id → its text
    let number = 0
    for (let round = 0; round < ROUNDS; round++) {
      const clients = Array.from({ length: 8 }, () =>
        sendUntilGone(product, () => `alarm ${number++}`, accepted),
      )
      await wait(randomInt(100, 700)) // the moment of the power cut
      await product.kill()
      await Promise.all(clients)
      product = await startProduct({ data, args: ['--no-sandbox'] })
    }

    const states = await compareWithTruth(product, sandbox, accepted, PEOPLE)
    report('kill -9', { kills: ROUNDS, runs: accepted.size, states })
    expect(Object.keys(states).sort()).toEqual(['accepted', 'unknown'])
    expect(accepted.size).toBeGreaterThan(ROUNDS)
    expect(states['accepted']).toBeGreaterThan(ROUNDS)
    expect(states['unknown']).toBeGreaterThan(0)
    await product.stop()
    await sandbox.close()
  },
)
