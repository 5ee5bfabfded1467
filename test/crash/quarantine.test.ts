import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Run, RunSummary } from '../../nodes/api/runs.ts'
import { connection, smsGraph } from '../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { callApi, newFolder, noted, TEST_TOKEN } from '../support/product.ts'
import type { ApiAnswer } from '../support/product.ts'
import { messagesOf, startTruth, takenTexts } from './truth.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }

type BadInput = 'is deadly' | 'is deadly when told' | 'is harmless'

/** A server in a process of its own. */
class Life {
  readonly #child: ChildProcess
  /** Its address; undefined where it died before it had one. */
  readonly url: Promise<string | undefined>
  /** What ended it. */
  readonly death: Promise<NodeJS.Signals | null>

  constructor(data: string, badInput: BadInput) {
    const program = path.join(import.meta.dirname, 'quarantine-child.ts')
    const env = { ...process.env, ...environment, SMS_LOGIC_TOKEN: TEST_TOKEN, BAD_INPUT: badInput }
    this.#child = noted(fork(program, [data], { env }))
    this.death = once(this.#child, 'close').then(([, signal]) => signal as NodeJS.Signals | null)
    const told = once(this.#child, 'message').then(([url]) => url as string)
    this.url = Promise.race([told, this.death.then(() => undefined)])
  }

  tell(word: 'go on' | 'die' | 'close'): void {
    this.#child.send(word)
  }

  async api<T>(method: string, apiPath: string, body?: object): Promise<ApiAnswer<T>> {
    return callApi<T>((await this.url)!, method, apiPath, body)
  }

  async start(who: string): Promise<string> {
    const { status, body } = await this.api<Run>('POST', '/api/functions/risky/runs?wait=0', { who })
    expect(status).toBe(202)
    return body.id
  }

  async run(id: string): Promise<Run> {
    return (await this.api<Run>('GET', `/api/runs/${id}`)).body
  }

  async quarantined(): Promise<string[]> {
    const { body } = await this.api<RunSummary[]>('GET', '/api/runs?status=quarantined')
    return body.map(({ id }) => id)
  }
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await wait(20)
}

/** Start → SMS Notification → the host's node → Return. */
function riskyGraph(service: string, member: string) {
  const graph = smsGraph({ service, recipients: [{ kind: 'member', id: member }], name: 'risky', ports: [] })
  const params = { who: { kind: 'variable', path: 'who' } }
  return {
    ...graph,
    nodes: [...graph.nodes, { id: 'risky', type: 'risky', position: { x: 0, y: 0 }, params }],
    connections: [
      ...graph.connections,
      ...['sent', 'partly', 'failed'].map((port) => connection('sms', port, 'risky')),
      connection('risky', 'next', 'return'),
    ],
  }
}

it('puts a run that ends the server twice at the same step in quarantine, and lets all others go on', async () => {
  let isSilent = false
  const sandbox = await startTruth({ decide: () => (isSilent ? 'silent' : 'none') })
  const data = newFolder()
  const prepared = await openRuntime({ data, sandbox: false, environment })
  const service = twilioService(prepared, { endpoint: sandbox.url })
  const graph = riskyGraph(service, addMember(prepared, 'Ada', '+12025550101'))
  prepared.functions.create({ title: graph.title, name: graph.name, graph })
  await prepared.close()

  // Under way at the first death: one that waits in the host's node, two that bring death, one whose text is on the wire.
  let life = new Life(data, 'is deadly when told')
  const slow = await life.start('slow')
  const bad = [await life.start('bad 1'), await life.start('bad 2')]
  const isInNode = async (id: string) => (await life.run(id)).steps.at(-1)?.nodeId === 'risky'
  for (const id of [slow, ...bad]) await until(() => isInNode(id))
  isSilent = true
  const onTheWire = await life.start('on the wire')
  await until(() => takenTexts(sandbox).size === 4)
  isSilent = false
  life.tell('die')
  expect(await life.death).toBe('SIGKILL')

  // One death more for each of the two: the suspects go on one after the other, before the server is ready.
  for (const _ of bad) {
    life = new Life(data, 'is deadly')
    expect(await life.url).toBe(undefined)
    expect(await life.death).toBe('SIGKILL')
  }

  life = new Life(data, 'is deadly')
  life.tell('go on')
  expect(await life.url).toBeDefined()
  expect(await life.quarantined()).toEqual([bad[1], bad[0]])
  for (const id of [slow, onTheWire]) {
    await until(async () => (await life.run(id)).finished !== null)
    expect(await life.run(id)).toMatchObject({ status: 'done', error: null })
  }
  // What was on the wire is unknown, or found by now.
  const [uncertain] = messagesOf(await life.run(onTheWire))
  expect(['unknown', 'accepted']).toContain(uncertain!.state)
  const fresh = await life.start('good')
  await until(async () => (await life.run(fresh)).status === 'done')

  const held = await life.run(bad[1]!)
  expect(held).toMatchObject({
    status: 'quarantined',
    finished: null,
    error: { code: 'RUN_QUARANTINED', params: { crashes: 2 }, nodeId: 'risky' },
  })
  expect(held.steps.at(-1)).toMatchObject({ nodeId: 'risky', status: 'failed' })
  expect(messagesOf(held)).toMatchObject([{ state: 'accepted', attempts: 1 }])
  expect((await life.api('POST', `/api/runs/${slow}/resume`)).status).toBe(409)
  expect((await life.api('POST', `/api/runs/${'0'.repeat(26)}/resume`)).status).toBe(404)

  // Tried again in vain, it is back in quarantine with the next start.
  await life.api('POST', `/api/runs/${bad[1]}/resume`).catch(() => undefined)
  expect(await life.death).toBe('SIGKILL')
  life = new Life(data, 'is harmless')
  expect(await life.url).toBeDefined()
  expect(await life.quarantined()).toEqual([bad[1], bad[0]])

  // The cause is gone. A restart alone changes nothing.
  life.tell('close')
  expect(await life.death).toBe(null)
  life = new Life(data, 'is harmless')
  expect((await life.api<Run>('POST', `/api/runs/${bad[1]}/resume`)).status).toBe(200)
  await until(async () => (await life.run(bad[1]!)).status === 'done')
  await life.api('POST', `/api/runs/${bad[0]}/cancel`)
  await until(async () => (await life.run(bad[0]!)).status === 'cancelled')
  expect(await life.quarantined()).toEqual([])
  life.tell('close')
  expect(await life.death).toBe(null)

  expect([...takenTexts(sandbox).values()]).toEqual([1, 1, 1, 1, 1])
  await sandbox.close()
}, 60_000)
