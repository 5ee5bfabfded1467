import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool } from 'undici'
import { createRuntime } from '../runtime/index.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'
import { startChild } from './support/child.ts'
import { load, percentile } from './support/load.ts'
import {
  benchMember,
  benchService,
  smsFunction,
  twilioForm,
  twilioHeaders,
  twilioPath,
} from './support/sms-function.ts'

const ROUNDS = 5
const COUNT = 20_000
const CONCURRENCY = 64

/** Durable runs through the library, against a bare undici loop that makes the same POST and records nothing. */
export async function benchEngine(): Promise<BenchCase[]> {
  const stub = await startChild('twilio-stub.ts')
  const pool = new Pool(stub.line, { connections: CONCURRENCY })
  const runtime = await createRuntime({
    data: mkdtempSync(path.join(tmpdir(), 'sms-logic-bench-')),
    environment: { SMS_LOGIC_KEY: Buffer.alloc(32, 7).toString('base64') },
  })
  const service = runtime.services.create(benchService(stub.line))
  const { id: member } = runtime.directory.memberStore.create({
    ...benchMember,
    status: 'in-service',
    departments: [],
  })
  const graph = smsFunction(service.id, member)
  runtime.functions.create({ title: graph.title, name: graph.name, graph })

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
  const durable = async () => {
    const ended = await runtime.run('bench', { device: 'Pump 7' })
    if (ended.output !== 1) throw new Error(JSON.stringify(ended))
  }

  await load(COUNT, CONCURRENCY, bare)
  await load(COUNT, CONCURRENCY, durable)
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const loop = await load(COUNT, CONCURRENCY, bare)
    const runs = await load(COUNT, CONCURRENCY, durable)
    rounds.push({ runs: runs.perSecond, ratio: runs.perSecond / loop.perSecond })
  }
  const alone = await load(1_000, 1, durable)
  await runtime.close()
  await pool.close()
  await stub.stop()
  return [
    {
      name: `library: durable runs with one SMS, ${CONCURRENCY} at once`,
      value: median(rounds.map(({ runs }) => runs)),
      unit: 'runs/s',
      ratio: median(rounds.map(({ ratio }) => ratio)),
      relativeTo: 'bare undici loop',
      goal: 'ratio >= 0.3',
    },
    {
      name: 'library: one run at a time, p50',
      value: percentile(alone.latencies, 0.5),
      unit: 'ms',
      goal: 'value < 3',
    },
  ]
}
