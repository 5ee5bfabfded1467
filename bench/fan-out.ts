import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Pool } from 'undici'
import { createRuntime } from '../runtime/index.ts'
import type { LocalRuntime } from '../runtime/index.ts'
import { sandboxServices } from '../runtime/sandbox/accounts.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'
import { startChild } from './support/child.ts'
import { load } from './support/load.ts'
import { benchService, twilioForm, twilioHeaders, twilioPath } from './support/sms-function.ts'

const ROUNDS = 3
const PEOPLE = 10_000
const CONCURRENCY = 64

/** One step that texts ten thousand people: message by message through Twilio, in batches through Alibaba Cloud. */
export async function benchFanOut(): Promise<BenchCase[]> {
  const [twilioStub, alibabaStub] = await Promise.all([
    startChild('twilio-stub.ts'),
    startChild('provider-stub.ts', ['alibaba']),
  ])
  const pool = new Pool(twilioStub.line, { connections: CONCURRENCY })
  const runtime = await createRuntime({
    data: mkdtempSync(path.join(tmpdir(), 'sms-logic-bench-')),
    environment: { SMS_LOGIC_KEY: Buffer.alloc(32, 7).toString('base64') },
  })
  const department = addPeople(runtime)
  const twilio = runtime.services.create(benchService(twilioStub.line)).id
  const alibaba = runtime.services.create({
    name: 'Bench in batches',
    provider: 'alibaba',
    settings: { ...sandboxServices.alibaba, endpoint: alibabaStub.line, concurrency: CONCURRENCY },
    policy: { testMode: false },
  }).id

  const bare = async () => {
    const { statusCode, body } = await pool.request({
      path: twilioPath,
      method: 'POST',
      headers: twilioHeaders,
      body: twilioForm,
    })
    await body.json()
    if (statusCode !== 201) throw new Error(`The stub answered ${statusCode}`)
  }
  const all = async (service: string) => {
    const started = performance.now()
    const graph = fanOutFunction(service, department)
    const { finished } = await runtime.startRun({ graph, input: {}, trigger: 'library' })
    const ended = await finished
    if (ended.output !== PEOPLE) throw new Error(JSON.stringify({ ...ended, steps: [] }))
    return (PEOPLE / (performance.now() - started)) * 1_000
  }

  await load(PEOPLE, CONCURRENCY, bare)
  await all(twilio)
  await all(alibaba)
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const loop = await load(PEOPLE, CONCURRENCY, bare)
    const sends = await all(twilio)
    rounds.push({ sends, ratio: sends / loop.perSecond })
  }
  const batches = []
  for (let round = 0; round < ROUNDS; round++) batches.push(await all(alibaba))
  const growth = await memoryGrowth(() => all(twilio))
  await runtime.close()
  await pool.close()
  await Promise.all([twilioStub.stop(), alibabaStub.stop()])
  return [
    {
      name: `one step to ${PEOPLE.toLocaleString('en')} people, Twilio, ${CONCURRENCY} at once`,
      value: median(rounds.map(({ sends }) => sends)),
      unit: 'sends/s',
      ratio: median(rounds.map(({ ratio }) => ratio)),
      relativeTo: 'bare undici loop',
      goal: 'ratio >= 0.5',
    },
    {
      name: `one step to ${PEOPLE.toLocaleString('en')} people, Alibaba batches`,
      value: median(batches),
      unit: 'recipients/s',
      goal: 'value >= 20000',
    },
    { name: 'memory of such a step at its peak', value: growth, unit: 'MB', goal: 'value < 60' },
  ]
}

/** How far the heap and everything beside it rise above where they were, in megabytes, while `work` runs. */
async function memoryGrowth(work: () => Promise<unknown>): Promise<number> {
  const used = () => {
    const { heapUsed, external, arrayBuffers } = process.memoryUsage()
    return heapUsed + external + arrayBuffers
  }
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = used()
  let peak = before
  const timer = setInterval(() => {
    // Live memory alone: what is garbage already says how lazy the collector is, not how much a step holds.
    collect()
    peak = Math.max(peak, used())
  }, 100)
  await work()
  clearInterval(timer)
  return (peak - before) / 1024 / 1024
}

function addPeople(runtime: LocalRuntime): string {
  const { departmentStore, memberStore, inTransaction } = runtime.directory
  const { id } = departmentStore.create({ name: 'Everybody', parent: null })
  inTransaction(() => {
    for (let index = 0; index < PEOPLE; index++) {
      memberStore.create({
        name: `Person ${index}`,
        phone: `+86138${String(10_000_000 + index)}`,
        status: 'in-service',
        departments: [id],
      })
    }
  })
  return id
}

function fanOutFunction(service: string, department: string) {
  const node = (id: string, type: string, x: number, params: object = {}) => ({
    id,
    type,
    position: { x, y: 0 },
    params,
  })
  const connection = (from: string, port: string, to: string) => ({
    id: `${from}-${to}`,
    from: { node: from, port },
    to: { node: to, port: 'in' },
  })
  return {
    format: 1,
    id: 'fan-out',
    name: 'fan-out',
    title: 'Fan-out',
    inputs: [],
    nodes: [
      node('start', 'start', 0),
      node('sms', 'sms-notification', 320, {
        recipients: [{ kind: 'department', id: department, includeSubDepartments: false }],
        service,
        templateCode: 'SMS_100005',
        templateText: 'The office is closed today.',
        variables: {},
        maxRecipients: PEOPLE,
      }),
      node('return', 'return', 640, { value: { kind: 'formula', source: 'nodes.sms.counts.accepted' } }),
    ],
    connections: [connection('start', 'next', 'sms'), connection('sms', 'sent', 'return')],
  }
}
