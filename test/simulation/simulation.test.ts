import { beforeAll, expect, it, vi } from 'vitest'
import { liveThrough } from './find-violation.ts'
import { noTally } from './simulation.ts'
import type { Tally } from './simulation.ts'
import { buildTown } from './town.ts'
import type { Town } from './town.ts'

vi.mock('../../runtime/surroundings.ts', async (real) =>
  (await import('./borders.ts')).surroundingsBorder(await real()),
)
vi.mock('../../runtime/providers/sms/index.ts', async (real) =>
  (await import('./borders.ts')).providersBorder(await real()),
)

const seeds = Number(process.env['SMS_LOGIC_SEEDS'] ?? 2_000)
const first = Number(process.env['SMS_LOGIC_SEED'] ?? 1)

let town: Town
beforeAll(async () => {
  town = await buildTown()
})

it(`keeps its promises in ${seeds} simulated lives`, { timeout: 60_000 + seeds * 300 }, async () => {
  const total = { ...noTally }
  const count = (tally: Tally) => {
    for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key]
  }
  for (let seed = first; seed < first + seeds; seed++) {
    const broken = await liveThrough(seed, town, count)
    if (broken) expect.fail(broken)
  }
  console.log(`${seeds} simulated lives from seed ${first}:`, total)
  if (seeds < 100) return
  // Promises are easy to keep where nothing happens.
  expect(total.runs).toBeGreaterThan(seeds)
  expect(total.accepted).toBeGreaterThan(3 * seeds)
  expect(total.crashes).toBeGreaterThan(seeds / 4)
  expect(total.retries).toBeGreaterThan(seeds / 4)
  expect(total.unknown).toBeGreaterThan(seeds / 10)
  expect(total.refusals).toBeGreaterThan(seeds / 20)
  expect(total.cancelled).toBeGreaterThan(seeds / 50)
})
