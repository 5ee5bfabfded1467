import { beforeAll, expect, it, vi } from 'vitest'
import type { Action } from './scenario.ts'
import { Simulation } from './simulation.ts'
import { buildTown } from './town.ts'
import type { Town } from './town.ts'

vi.mock('../../runtime/surroundings.ts', async (real) =>
  (await import('./borders.ts')).surroundingsBorder(await real()),
)
vi.mock('../../runtime/providers/sms/index.ts', async (real) =>
  (await import('./borders.ts')).providersBorder(await real()),
)

let town: Town
beforeAll(async () => {
  town = await buildTown()
})

const start = (changes: object = {}): Action => ({
  ...{ do: 'start', function: 'notice', key: null, other: false, times: 1, dryRun: false, watch: false },
  ...changes,
})
const crash = { do: 'crash', when: 'now', nth: 1, kept: 'all', downMs: 0 } as const
const lifeOf = (...actions: { gap: number; action: Action }[]) => ({
  ...{ seed: 16, weather: 'busy' as const, slowDisk: false },
  actions: [{ gap: 0, action: start({ times: 2 }) }, ...actions],
})
/** One of the two runs leaves the memory for two minutes: that is written at 1,446 ms, and on the disk at 1,450. */
const putBackAt = (ms: number, ...after: { gap: number; action: Action }[]) =>
  lifeOf(
    { gap: ms - 23, action: start({ key: 0, times: 2 }) },
    { gap: 13, action: { do: 'put-clock', byMs: -86_400_000 } },
    ...after,
  )

it.each([
  [
    'the clock is put back while it is written that a run leaves the memory',
    putBackAt(1_447, { gap: 0, action: start() }),
  ],
  [
    'the clock is put back and other runs leave the memory afterwards',
    putBackAt(1_451, { gap: 2_752, action: start() }),
  ],
  [
    'the clock is put back and the process dies before it notices',
    putBackAt(1_448, { gap: 0, action: crash }, { gap: 0, action: start() }),
  ],
  [
    'the disk is full when a run is to come back',
    lifeOf(
      { gap: 1_424, action: start({ key: 0, times: 2 }) },
      { gap: 98_000, action: { do: 'fill-disk', share: 1, ms: 60_000 } },
      { gap: 100_000, action: { do: 'slow-disk', ms: 0 } },
    ),
  ],
])('every run ends within half an hour where %s', async (_, scenario) => {
  await expect(new Simulation(scenario, town).run()).resolves.toMatchObject({ crashes: expect.any(Number) })
})

it('a text that is sent again waits as long as the provider says, where the clock was put back meanwhile', async () => {
  const crashAtFirst: Action = { ...crash, when: 'send', kept: 'synced', downMs: 2 }
  const scenario = {
    ...{ seed: 8, weather: 'busy' as const, slowDisk: false },
    actions: [
      { gap: 629, action: crashAtFirst },
      { gap: 19, action: start({ function: 'insist', key: 1, times: 2, watch: true }) },
      { gap: 299_994, action: { do: 'put-clock', byMs: -86_400_000 } as const },
      { gap: 200_000, action: { do: 'slow-disk', ms: 0 } as const },
    ],
  }
  await expect(new Simulation(scenario, town).run()).resolves.toMatchObject({ crashes: 1 })
})
