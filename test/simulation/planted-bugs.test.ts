import { beforeAll, expect, it, vi } from 'vitest'
import { firstViolation } from './find-violation.ts'
import { plantedBugs } from './planted-bugs.ts'
import type { Bug } from './planted-bugs.ts'
import { buildTown } from './town.ts'
import type { Town } from './town.ts'

vi.mock('../../runtime/surroundings.ts', async (real) =>
  (await import('./borders.ts')).surroundingsBorder(await real()),
)
vi.mock('../../runtime/providers/sms/index.ts', async (real) =>
  (await import('./borders.ts')).providersBorder(await real()),
)
vi.mock('../../runtime/ledger/sqlite.ts', async (real) =>
  (await import('./borders.ts')).ledgerBorder(await real()),
)
vi.mock('../../runtime/engine/retry.ts', async (real) =>
  (await import('./borders.ts')).retryBorder(await real()),
)

/** As many as `npm test` lives through: a bug that hides for longer would hide from it. */
const MOST_SEEDS = 2_000

let town: Town
beforeAll(async () => {
  town = await buildTown()
})

it.each(plantedBugs)('notices a product that $name', { timeout: 120_000 }, async (bug) => {
  const { seed, violation } = await find(bug)
  expect(violation, `nothing within ${MOST_SEEDS} seeds`).toMatch(bug.found)
  console.log(`seed ${seed}: ${bug.name} → ${violation}`)
})

async function find(bug: Bug): Promise<{ seed: number; violation: string }> {
  const { firstSeed = 1 } = bug
  for (let seed = firstSeed; seed < firstSeed + MOST_SEEDS; seed++) {
    const violation = await firstViolation(seed, town, bug)
    if (violation) return { seed, violation }
  }
  return { seed: MOST_SEEDS, violation: '' }
}
