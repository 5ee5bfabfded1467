import { expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { startProduct } from '../support/product.ts'
import { report, size } from './size.ts'
import { startTruth } from './truth.ts'
import { compareWithTruth, prepareAlarm } from './workload.ts'

const KEYS = size(25, 500)
const CALLERS = size(40, 200)

it(
  `makes one run of ${CALLERS} simultaneous calls with the same key, for each of ${KEYS} keys`,
  { timeout: 300_000 },
  async () => {
    const sandbox = await startTruth()
    const product = await startProduct({ args: ['--no-sandbox'] })
    await prepareAlarm(product, sandbox.url, 1)

    const accepted = new Map<string, string>()
    const statuses: Record<number, number> = {}
    for (let key = 0; key < KEYS; key++) {
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, () =>
          product.api<Run>(
            'POST',
            '/api/functions/alarm/runs?wait=0',
            { who: `caller ${key}` },
            { 'idempotency-key': `key-${key}` },
          ),
        ),
      )
      for (const { status, body } of answers) {
        statuses[status] = (statuses[status] ?? 0) + 1
        accepted.set(body.id, `caller ${key}`)
      }
    }
    const other = await product.api<{ code: string }>(
      'POST',
      '/api/functions/alarm/runs',
      { who: 'somebody else' },
      { 'idempotency-key': 'key-0' },
    )

    const states = await compareWithTruth(product, sandbox, accepted, 1)
    report('idempotency race', { keys: KEYS, calls: KEYS * CALLERS, runs: accepted.size, statuses, states })
    expect(accepted.size).toBe(KEYS)
    expect((statuses[200] ?? 0) + (statuses[202] ?? 0)).toBe(KEYS * CALLERS)
    expect(states).toEqual({ accepted: KEYS, unknown: 0 })
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    await product.stop()
    await sandbox.close()
  },
)
