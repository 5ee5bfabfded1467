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

const PEOPLE = 1_000
const KILLS = 4
const AT_ONCE = 16

it(
  `texts ${PEOPLE} people once each although the server is killed ${KILLS} times in the middle`,
  { timeout: 240_000 },
  async () => {
    const sandbox = await startSandbox({
      decide: () => 'delay',
      delayMs: 30,
      file: path.join(newFolder(), 'sandbox.db'),
    })
    const data = newFolder()
    let product = await startProduct({ data, args: ['--no-sandbox'] })
    await prepare(product, sandbox.url)
    const started = await product.api<Run>('POST', '/api/functions/many/runs?wait=0', { who: 'Ada' })
    const { id } = started.body
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = sandbox.requests().length
      await untilTrue(() => sandbox.requests().length >= before + randomInt(20, 150))
      await product.kill()
      product = await startProduct({ data, args: ['--no-sandbox'] })
    }
    const run = await finished(product, id)
    const messages = run.steps.find(({ nodeId }) => nodeId === 'sms')!.messages!
    const taken = new Map<string, number>()
    for (const { to } of sandbox.messages(10_000)) taken.set(to, (taken.get(to) ?? 0) + 1)
    const accepted = messages.filter(({ state }) => state === 'accepted').length
    const unknown = messages.filter(({ state }) => state === 'unknown').length
    console.log(`${KILLS} kills: ${accepted} accepted, ${unknown} unknown, ${taken.size} phones texted`)
    expect(messages).toHaveLength(PEOPLE)
    expect(accepted + unknown).toBe(PEOPLE)
    expect(Math.max(...taken.values())).toBe(1)
    // Every text the provider has is accepted or unknown here, and unknown is no more than was on the wire.
    expect(taken.size).toBeGreaterThanOrEqual(accepted)
    expect(unknown).toBeLessThanOrEqual(KILLS * AT_ONCE)
    expect(accepted).toBeGreaterThan(PEOPLE / 2)
    await product.stop()
    await sandbox.close()
  },
)

async function prepare(product: Product, endpoint: string): Promise<void> {
  const service = await product.api<{ id: string }>('POST', '/api/sms-services', {
    name: 'Outside the process',
    provider: 'twilio',
    // Without look-ups nothing unknown is cleared up in between: what stays unknown is what the kills left.
    settings: { ...sandboxServices.twilio, endpoint, concurrency: AT_ONCE },
    policy: { testMode: false },
  })
  const department = await product.api<{ id: string }>('POST', '/api/departments', { name: 'Everybody' })
  const csv = Array.from(
    { length: PEOPLE },
    (_, index) => `Person ${index},+1202555${1_000 + index},Everybody`,
  )
  const answer = await fetch(`${product.url}/api/members/import`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-for-the-tests', 'content-type': 'text/csv' },
    body: ['name,phone,departments', ...csv].join('\n'),
  })
  expect(answer.status, await answer.text()).toBe(200)
  const recipients = [{ kind: 'department' as const, id: department.body.id, includeSubDepartments: true }]
  const graph = smsGraph({ service: service.body.id, recipients, ports: ['sent', 'partly', 'failed'] })
  const { status } = await product.api('POST', '/api/functions', { title: 'Many', name: 'many', graph })
  expect(status).toBe(201)
}

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5)
}

async function finished(product: Product, id: string): Promise<Run> {
  for (;;) {
    const { status, body } = await product.api<Run>('GET', `/api/runs/${id}`)
    expect(status).toBe(200)
    if (body.finished !== null) return body
    await wait(100)
  }
}
