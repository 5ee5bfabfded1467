import { randomBytes } from 'node:crypto'
import { xRayRequest } from '../nodes/api/x-ray.ts'
import { createRuntime } from '../runtime/index.ts'
import type { LocalRuntime } from '../runtime/index.ts'
import { newFolder } from '../test/support/product.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'
import { benchService, smsFunction } from './support/sms-function.ts'

const MEMBERS = 100_000
const SELECTED = 10_000
const ROUNDS = 15

/** What the page waits for while somebody chooses recipients: 10,000 people out of 100,000 members. */
export async function benchXRay(): Promise<BenchCase[]> {
  const runtime = await createRuntime({
    data: newFolder(),
    environment: { SMS_LOGIC_KEY: randomBytes(32).toString('base64') },
  })
  const department = fillDirectory(runtime)
  const { id } = runtime.services.create(benchService('http://127.0.0.1:9'))
  const request = xRayRequest.parse({
    graph: smsFunction(id, 'nobody'),
    nodeId: 'sms',
    params: {
      recipients: [{ kind: 'department', id: department }],
      service: id,
      templateText: '${device} needs help',
      variables: { device: { kind: 'variable', path: 'device' } },
    },
  })
  const first = await timed(runtime, request)
  const again = []
  for (let round = 0; round < ROUNDS; round++) again.push(await timed(runtime, request))
  const deep = await timed(runtime, { ...request, search: 'person 9', offset: 900, limit: 100 })
  await runtime.close()
  const name = `X-ray of ${SELECTED.toLocaleString('en')} people out of ${MEMBERS.toLocaleString('en')}`
  return [
    { name: `${name}: the first`, value: first, unit: 'ms', goal: 'value < 300' },
    { name: `${name}: the next, p50`, value: median(again), unit: 'ms', goal: 'value < 300' },
    { name: `${name}: the next, slowest`, value: Math.max(...again), unit: 'ms', goal: 'value < 300' },
    { name: `${name}: a search, page 10`, value: deep, unit: 'ms', goal: 'value < 300' },
  ]
}

async function timed(runtime: LocalRuntime, request: Parameters<LocalRuntime['xRay']>[0]): Promise<number> {
  const started = performance.now()
  const { selected, people } = await runtime.xRay(request)
  const took = performance.now() - started
  if (selected !== SELECTED || people.length === 0) throw new Error(`${selected} people were selected`)
  return took
}

/** @returns the department whose sub-departments hold the selected tenth of the members */
function fillDirectory({ directory }: LocalRuntime): string {
  const { departmentStore, memberStore } = directory
  const top = departmentStore.create({ name: 'Plant', parent: null }).id
  const below = Array.from(
    { length: 20 },
    (_, index) => departmentStore.create({ name: `Line ${index}`, parent: top }).id,
  )
  const others = departmentStore.create({ name: 'Others', parent: null }).id
  directory.inTransaction(() => {
    for (let index = 0; index < MEMBERS; index++) {
      memberStore.put({
        id: `member-${index}`,
        name: `Person ${index}`,
        phone: `+1202${String(5_000_000 + index)}`,
        status: 'in-service',
        departments: [index % (MEMBERS / SELECTED) === 0 ? below[index % below.length]! : others],
      })
    }
  })
  return top
}
