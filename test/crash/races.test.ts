import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LocalRuntime } from '../../runtime/index.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../runtime/sandbox/accounts.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { sequence } from '../simulation/random.ts'
import { connection, smsGraph } from '../support/graphs.ts'
import { addMember, openRuntime } from '../support/open-runtime.ts'
import { report, size } from './size.ts'
import { messagesOf, startTruth } from './truth.ts'

const ROUNDS = size(25, 1_000)
const SEED = 20_261_126
const PEOPLE = 24
/** Requests at a time. Whatever was claimed before the other side was answered may still arrive behind the answer. */
const AT_ONCE = 4
const TAKES_MS = 4

let random: () => number
let sandbox: Sandbox
let runtime: LocalRuntime
let service: string
let members: string[]
beforeEach(async () => {
  random = sequence(SEED)
  sandbox = await startTruth({ decide: () => 'delay', delayMs: TAKES_MS })
  runtime = await openRuntime({ sandbox: false })
  service = runtime.services.create({
    name: 'Races',
    provider: 'twilio',
    settings: { ...sandboxServices.twilio, endpoint: sandbox.url, concurrency: AT_ONCE },
    policy: { testMode: false },
  }).id
  members = Array.from({ length: PEOPLE }, (_, index) =>
    addMember(runtime, `Person ${index}`, phoneOf(index)),
  )
})
afterEach(async () => {
  await runtime.close()
  await sandbox.close()
})

const phoneOf = (index: number) => `+1202555${String(1_000 + index)}`
const recipients = () => members.map((id) => ({ kind: 'member' as const, id }))

/** A function with two steps, one after the other, that text the same people: "first NAME" and "second NAME". */
function twoSteps(name: string, version = '') {
  const ports = ['sent', 'partly', 'failed']
  const graph = smsGraph({ service, recipients: recipients(), name, text: `first${version} \${who}`, ports })
  const [start, first, end] = graph.nodes
  const second = structuredClone(first!)
  second.id = 'second'
  second.params = { ...second.params, templateText: `second${version} \${who}` }
  const connections = [
    connection('start', 'next', 'sms'),
    ...ports.map((port) => connection('sms', port, 'second')),
    ...ports.map((port) => connection('second', port, 'return')),
  ]
  return { ...graph, nodes: [start!, first!, second, end!], connections }
}

/** The moment of the other side: anywhere in the time that the sending of one step takes, and a little around it. */
const someTime = (steps = 1) => wait(random() * 1.2 * steps * (PEOPLE / AT_ONCE) * TAKES_MS)

/** Texts of one run that the provider took, oldest first. */
const taken = (who: string) =>
  sandbox
    .messages(8 * PEOPLE)
    .filter(({ text }) => text.endsWith(` ${who}`))
    .reverse()

it(
  `sends nothing to a number after its STOP was recorded, over ${ROUNDS} STOPs in the middle of a step`,
  { timeout: ROUNDS * 3_000 },
  async () => {
    const graph = twoSteps('stop')
    runtime.functions.create({ title: 'Stop', name: 'stop', graph })
    const sums = { accepted: 0, heldBack: 0, stillUnderWay: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const who = `stop ${round}`
      const { finished } = await runtime.startRun({
        functionName: 'stop',
        input: { who },
        trigger: 'library',
      })
      await someTime(2)
      const phone = phoneOf(Math.floor(random() * PEOPLE))
      const optOut = { serviceId: service, sender: '', phone, source: 'reply' as const, reason: 'STOP' }
      await runtime.optOuts.add({ ...optOut, since: Date.now() })
      const before = sandbox.requests().length
      const run = await finished

      const later = sandbox.requests().slice(before)
      const late = later.flatMap(({ to }, index) => (to === phone ? [index] : []))
      for (const place of late)
        expect(place, `request behind the STOP, round ${round}`).toBeLessThan(2 * AT_ONCE)
      const phones = taken(who).map(({ to }) => to)
      const messages = messagesOf(run)
      expect(messages).toHaveLength(2 * PEOPLE)
      const heldBack = messages.filter(
        ({ state, reason }) => state === 'suppressed' && reason === 'opted-out',
      )
      const ofPhone = phones.filter((each) => each === phone).length
      expect(heldBack, 'held back are those of this person that did not leave').toHaveLength(2 - ofPhone)
      expect(messages.filter(({ state }) => state === 'accepted')).toHaveLength(phones.length)
      expect(phones).toHaveLength(2 * PEOPLE - heldBack.length)
      sums.accepted += phones.length
      sums.heldBack += heldBack.length
      sums.stillUnderWay += late.length
      const lift = { serviceId: service, phone, sources: ['reply' as const], why: 'the next round' }
      await runtime.optOuts.lift({ ...lift, at: Date.now() })
    }
    report('STOP while a step sends', { seed: SEED, rounds: ROUNDS, ...sums })
    expect(sums.heldBack).toBeGreaterThan(ROUNDS / 2)
    expect(sums.accepted).toBeGreaterThan(ROUNDS * PEOPLE)
  },
)

it(
  `starts no request after a cancel was answered, over ${ROUNDS} cancels in the middle of a step`,
  { timeout: ROUNDS * 3_000 },
  async () => {
    runtime.functions.create({ title: 'Cancel', name: 'cancel', graph: twoSteps('cancel') })
    const sums = { accepted: 0, cancelled: 0, underWay: 0, cancelledRuns: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const who = `cancel ${round}`
      const { id, finished } = await runtime.startRun({
        ...{ functionName: 'cancel', input: { who } },
        trigger: 'library',
      })
      await someTime(2)
      await runtime.cancelRun(id)
      const before = sandbox.requests().length
      const run = await finished
      await wait(2 * TAKES_MS)

      const later = sandbox.requests().length - before
      expect(later, `requests behind the cancel, round ${round}`).toBeLessThanOrEqual(AT_ONCE)
      const texts = taken(who)
      const messages = messagesOf(run)
      const accepted = messages.filter(({ state }) => state === 'accepted').length
      const cancelled = messages.filter(({ state }) => state === 'cancelled').length
      expect(accepted, 'what the provider took').toBe(texts.length)
      expect(new Set(texts.map(({ to, text }) => `${to} ${text}`)).size).toBe(texts.length)
      expect(accepted + cancelled).toBe(messages.length)
      sums.accepted += accepted
      sums.cancelled += cancelled
      sums.underWay += later
      if (run.status === 'cancelled') sums.cancelledRuns++
    }
    report('cancel while a step sends', { seed: SEED, rounds: ROUNDS, ...sums })
    expect(sums.cancelledRuns).toBeGreaterThan(ROUNDS / 2)
    expect(sums.cancelled).toBeGreaterThan(ROUNDS)
    expect(sums.accepted).toBeGreaterThan(ROUNDS * 4)
  },
)

it(
  `uses new settings for later requests alone, loses and doubles none, over ${ROUNDS} changes in the middle of a step`,
  { timeout: ROUNDS * 3_000 },
  async () => {
    runtime.functions.create({ title: 'Settings', name: 'settings', graph: twoSteps('settings') })
    const senders = sandboxTwilioAccount.senders.slice(0, 2)
    expect(senders).toHaveLength(2)
    const sums = { accepted: 0, byOld: 0, byNew: 0 }
    let current = 0
    for (let round = 0; round < ROUNDS; round++) {
      const who = `settings ${round}`
      const old = senders[current]!
      change(service, { fromNumber: old })
      const { finished } = await runtime.startRun({
        ...{ functionName: 'settings', input: { who } },
        trigger: 'library',
      })
      await someTime(2)
      current = 1 - current
      change(service, { fromNumber: senders[current]!, concurrency: 2 + Math.floor(random() * 4) })
      const before = taken(who).length
      const run = await finished

      const texts = taken(who)
      expect(messagesOf(run).map(({ state }) => state)).toEqual(Array(2 * PEOPLE).fill('accepted'))
      expect(new Set(texts.map(({ to, text }) => `${to} ${text}`)).size).toBe(2 * PEOPLE)
      expect(texts).toHaveLength(2 * PEOPLE)
      for (const { from } of texts.slice(0, before)) expect(from).toBe(old)
      const later = texts.slice(before + 2 * 6) // what was claimed before, and its neighbours
      for (const { from } of later) expect(from, `round ${round}`).toBe(senders[current])
      sums.accepted += texts.length
      sums.byOld += texts.filter(({ from }) => from === old).length
      sums.byNew += texts.filter(({ from }) => from !== old).length
    }
    report('settings changed while a step sends', { seed: SEED, rounds: ROUNDS, ...sums })
    expect(sums.byOld).toBeGreaterThan(ROUNDS)
    expect(sums.byNew).toBeGreaterThan(ROUNDS)
  },
)

it(
  `finishes each run by the function as it was at its start, over ${ROUNDS} saves in the middle of a step`,
  { timeout: ROUNDS * 3_000 },
  async () => {
    runtime.functions.create({ title: 'Publish', name: 'publish', graph: twoSteps('publish') })
    let sends = 0
    for (let round = 0; round < ROUNDS; round++) {
      const start = async (who: string) => {
        const request = { functionName: 'publish', input: { who }, trigger: 'library' as const }
        await (
          await runtime.startRun(request)
        ).finished
        return who
      }
      const before = start(`${round}-before`)
      await someTime()
      const racing = start(`${round}-racing`)
      const { revision } = runtime.functions.get('publish')
      runtime.functions.save('publish', { revision, graph: twoSteps('publish', ` version${round + 1}`) })
      const after = start(`${round}-after`)

      const old = round === 0 ? '' : ` version${round}`
      const expected = [
        { who: await before, versions: [old] },
        { who: await racing, versions: [old, ` version${round + 1}`] },
        { who: await after, versions: [` version${round + 1}`] },
      ]
      for (const { who, versions } of expected) {
        const texts = taken(who)
        expect(texts).toHaveLength(2 * PEOPLE)
        expect(new Set(texts.map(({ to, text }) => `${to} ${text}`)).size).toBe(2 * PEOPLE)
        const used = new Set(texts.map(({ text }) => text.replace(/^(first|second)| \S+$/g, '')))
        expect(used.size, `versions in the texts of one run, round ${round}`).toBe(1)
        expect(versions).toContain([...used][0])
        sends += texts.length
      }
    }
    report('function saved while a step sends', { seed: SEED, rounds: ROUNDS, sends })
    expect(sends).toBeGreaterThanOrEqual(ROUNDS * 6 * PEOPLE)
  },
)

function change(id: string, settings: Record<string, unknown>): void {
  const { revision, name, settings: kept } = runtime.services.get(id)
  runtime.services.update(id, { revision, name, settings: { ...kept, ...settings } })
}
