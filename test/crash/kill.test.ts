import { randomInt } from 'node:crypto'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { startSandbox } from '../../runtime/sandbox/start-sandbox.ts'
import { smsGraph } from '../support/graphs.ts'
import { newFolder, startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'

const ROUNDS = 20
const PEOPLE = 3

it(
  `loses no accepted run and texts nobody twice over ${ROUNDS} times kill -9`,
  { timeout: 240_000 },
  async () => {
    // The emulator lives in this process, so it survives the kills: its own ledger is the truth, kept in a file
    // because memory holds the newest 10,000 texts only.
    const file = path.join(newFolder(), 'sandbox.db')
    const sandbox = await startSandbox({ decide: () => 'delay', delayMs: 40, file })
    const data = newFolder()
    let product = await startProduct({ data, args: ['--no-sandbox'] })
    await prepare(product, sandbox.url)

    const accepted = new Map<string, string>() // run id → its text
    let number = 0
    for (let round = 0; round < ROUNDS; round++) {
      const clients = Array.from({ length: 8 }, () => sendUntilKilled(() => `alarm ${number++}`))
      await wait(randomInt(100, 700)) // the moment of the power cut
      await product.kill()
      await Promise.all(clients)
      product = await startProduct({ data, args: ['--no-sandbox'] })
    }

    async function sendUntilKilled(nextText: () => string): Promise<void> {
      for (;;) {
        const who = nextText()
        try {
          const { status, body } = await product.api<Run>('POST', '/api/functions/crash/runs?wait=0', { who })
          expect(status).toBe(202)
          accepted.set(body.id, who)
        } catch {
          return
        }
      }
    }

    const runs = await Promise.all([...accepted.keys()].map((id) => finished(product, id)))
    const taken = new Map<string, number>()
    for (const { to, text } of sandbox.messages(1_000_000)) {
      const key = `${to} ${text}`
      taken.set(key, (taken.get(key) ?? 0) + 1)
    }
    const states = { accepted: 0, unknown: 0, other: 0 }
    for (const run of runs) {
      const messages = run.steps.find(({ nodeId }) => nodeId === 'sms')!.messages!
      expect(messages).toHaveLength(PEOPLE)
      for (const [index, { state }] of messages.entries()) {
        const wasTaken = taken.get(`+1202555010${index} Hello ${accepted.get(run.id)}`) ?? 0
        if (state === 'accepted') {
          states.accepted++
          expect(wasTaken).toBe(1)
        } else if (state === 'unknown') states.unknown++
        else states.other++
      }
    }
    console.log(`${ROUNDS} kills: ${runs.length} accepted runs, messages`, states)
    expect(Math.max(...taken.values())).toBe(1)
    expect(states.other).toBe(0)
    expect(runs.length).toBeGreaterThan(ROUNDS)
    expect(states.accepted).toBeGreaterThan(ROUNDS)
    expect(states.unknown).toBeGreaterThan(0)
    await product.stop()
    await sandbox.close()
  },
)

async function prepare(product: Product, endpoint: string): Promise<void> {
  const service = await product.api<{ id: string }>('POST', '/api/sms-services', {
    name: 'Outside the process',
    provider: 'twilio',
    settings: { ...sandboxServices.twilio, endpoint },
    policy: { testMode: false },
  })
  const recipients = []
  for (let index = 0; index < PEOPLE; index++) {
    const person = { name: `Person ${index}`, phone: `+1202555010${index}` }
    const { body } = await product.api<{ id: string }>('POST', '/api/members', person)
    recipients.push({ kind: 'member' as const, id: body.id })
  }
  const graph = smsGraph({ service: service.body.id, recipients, ports: ['sent', 'partly', 'failed'] })
  const { status } = await product.api('POST', '/api/functions', { title: 'Crash', name: 'crash', graph })
  expect(status).toBe(201)
}

async function finished(product: Product, id: string): Promise<Run> {
  for (;;) {
    const { status, body } = await product.api<Run>('GET', `/api/runs/${id}`)
    expect(status, `the accepted run ${id} is known`).toBe(200)
    if (body.finished !== null) return body
    await wait(50)
  }
}
