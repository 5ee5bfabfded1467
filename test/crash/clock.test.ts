import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { sequence } from '../simulation/random.ts'
import { findFakeClock } from '../support/fake-clock.ts'
import { smsGraph } from '../support/graphs.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { report, size } from './size.ts'
import { countStates, messagesOf, startTruth, takenTexts } from './truth.ts'
import { compareWithTruth, finishedRun, phoneOf, prepareAlarm } from './workload.ts'

const SEED = 20_261_126
const JUMPS = size(30, 500)
const NIGHTS = size(1, 5)
const PEOPLE = 20
const PER_SECOND = 40
const HOUR_MS = 3_600_000
/** Long waits look at the clock twice a minute. */
const NOTICED_MS = 40_000

const clock = findFakeClock()
if (!clock) console.log('clock on the wall: left out, because libfaketime is not installed')

it.runIf(clock)(
  `doubles none, loses none and keeps its pace while the clock jumps ${JUMPS} times by up to a day`,
  { timeout: 60_000 + JUMPS * 3_000 },
  async () => {
    const random = sequence(SEED)
    const sandbox = await startTruth({ decide: () => (random() < 0.15 ? 'throttle' : 'none') })
    const product = await startProduct({ args: ['--no-sandbox'], environment: clock!.environment })
    const retries = { firstDelaySeconds: 0.1, maxDelaySeconds: 0.4 }
    await prepareAlarm(product, sandbox.url, PEOPLE, {
      ...{ testMode: false, ratePerSecond: PER_SECOND, burst: 1, timeToLiveMinutes: 10_080 },
      ...retries,
    })

    const accepted = new Map<string, string>()
    const start = async (number: number) => {
      const path = '/api/functions/alarm/runs?wait=0'
      const key = { 'idempotency-key': `alarm ${number}` }
      const { status, body } = await product.api<Run>('POST', path, { who: `alarm ${number}` }, key)
      expect([200, 202]).toContain(status)
      return body.id
    }
    for (let jump = 0; jump < JUMPS; jump++) {
      if (jump % 2 === 0) accepted.set(await start(jump), `alarm ${jump}`)
      await wait(150 + random() * 250)
      clock!.set((random() * 2 - 1) * 26 * HOUR_MS)
    }
    const states = await compareWithTruth(product, sandbox, accepted, PEOPLE)

    const times = sandbox.requests().map(({ at }) => at)
    const tookMs = times.at(-1)! - times[0]!
    const mostInOneSecond = most(times, 1_000)
    report('clock on the wall', {
      ...{ seed: SEED, jumps: JUMPS, runs: accepted.size, requests: times.length, states },
      ...{ tookMs, perSecond: +((times.length * 1_000) / tookMs).toFixed(1), mostInOneSecond },
    })
    expect(states['accepted']! + (states['rejected'] ?? 0)).toBe(accepted.size * PEOPLE)
    expect(states['accepted']).toBeGreaterThan(accepted.size * PEOPLE * 0.98)
    expect(times.length).toBeGreaterThan(accepted.size * PEOPLE * 1.05)
    // Each jump may let one leave before its turn; a busy machine may hold some back and let them go together.
    expect(mostInOneSecond).toBeLessThanOrEqual(PER_SECOND * 1.5)
    expect(tookMs, 'without long pauses').toBeLessThan((times.length / PER_SECOND) * 1_500 + 10_000)
    expect(accepted.has(await start(0)), 'a key is still known').toBe(true)
    expect(await product.stop()).toBe(0)
    await sandbox.close()
  },
)

it.runIf(clock)(
  `keeps quiet hours and times to live over ${NIGHTS} nights that pass in a moment, or begin once more`,
  { timeout: NIGHTS * 4 * NOTICED_MS },
  async () => {
    const sandbox = await startTruth()
    const product = await startProduct({ args: ['--no-sandbox'], environment: clock!.environment })
    const people = await addPeople(product, 5)
    const quiet = { testMode: false, quietFrom: '21:00', quietUntil: '08:00', quietAction: 'later' }
    await addFunction(product, 'patient', sandbox.url, people, { ...quiet, timeToLiveMinutes: 1_440 })
    await addFunction(product, 'hasty', sandbox.url, people, { ...quiet, timeToLiveMinutes: 60 })

    const states = { patient: {} as Record<string, number>, hasty: {} as Record<string, number> }
    for (let night = 0; night < NIGHTS; night++) {
      const who = `night ${night}`
      setClock(22)
      const ids: string[] = []
      for (const name of ['patient', 'hasty']) {
        const { body } = await product.api<Run>('POST', `/api/functions/${name}/runs?wait=0`, { who })
        ids.push(body.id)
      }
      for (const id of ids) await waiting(product, id, people.length)
      setClock(21.5)
      await wait(2_000)
      const before = sandbox.requests().length
      expect(before, 'nothing leaves in quiet hours').toBe(night * people.length)

      setClock(24 + 8.1)
      const jumped = performance.now()
      const [patient, hasty] = await Promise.all(ids.map((id) => finishedRun(product, id)))
      expect(performance.now() - jumped, 'noticed').toBeLessThan(NOTICED_MS)
      add(states.patient, countStates(messagesOf(patient!)))
      add(states.hasty, countStates(messagesOf(hasty!)))
    }
    report('quiet hours', { nights: NIGHTS, people: people.length, ...states })
    expect(states).toEqual({
      patient: { accepted: NIGHTS * people.length },
      hasty: { expired: NIGHTS * people.length },
    })
    expect([...takenTexts(sandbox).values()]).toEqual(Array(NIGHTS * people.length).fill(1))
    expect(await product.stop()).toBe(0)
    await sandbox.close()
  },
)

const today = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS
/** So many hours after the midnight (UTC) before the test began. */
const setClock = (hours: number) => clock!.set(today + hours * HOUR_MS - Date.now())

async function addPeople(product: Product, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    const person = { name: `Person ${index}`, phone: phoneOf(index), timeZone: 'UTC' }
    const { status, body } = await product.api<{ id: string }>('POST', '/api/members', person)
    expect(status, JSON.stringify(body)).toBe(201)
    ids.push(body.id)
  }
  return ids
}

async function addFunction(
  product: Product,
  name: string,
  endpoint: string,
  people: readonly string[],
  policy: object,
): Promise<void> {
  const settings = { ...sandboxServices.twilio, endpoint }
  const service = await product.api<{ id: string }>('POST', '/api/sms-services', {
    ...{ name, provider: 'twilio', settings, policy },
  })
  const recipients = people.map((id) => ({ kind: 'member' as const, id }))
  const ports = ['sent', 'partly', 'failed']
  const graph = smsGraph({ service: service.body.id, recipients, name, ports })
  expect((await product.api('POST', '/api/functions', { title: name, name, graph })).status).toBe(201)
}

/** Waits until all messages of a run are put off. */
async function waiting(product: Product, id: string, people: number): Promise<void> {
  for (;;) {
    const { body } = await product.api<Run>('GET', `/api/runs/${id}`)
    const held = messagesOf(body).filter(({ waitsUntil }) => waitsUntil !== undefined)
    if (held.length === people) return
    await wait(50)
  }
}

function add(sums: Record<string, number>, counts: Record<string, number>): void {
  for (const [state, count] of Object.entries(counts)) sums[state] = (sums[state] ?? 0) + count
}

/** Most of these times that lie within one span. */
function most(times: readonly number[], spanMs: number): number {
  let first = 0
  let found = 0
  for (const [index, time] of times.entries()) {
    while (time - times[first]! >= spanMs) first++
    found = Math.max(found, index - first + 1)
  }
  return found
}
