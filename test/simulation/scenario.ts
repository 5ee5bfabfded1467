import fc from 'fast-check'
import type { Kept } from './disk.ts'
import type { Weather } from './provider.ts'
import { functions, people, services } from './town.ts'
import type { ServiceName } from './town.ts'

/** Something that happens to the product from outside. */
export type Action =
  | {
      do: 'start'
      function: string
      /** Calls with the same key are the same call. */
      key: number | null
      /** Another input under the key. */
      other: boolean
      /** So many calls at the same moment. */
      times: number
      dryRun: boolean
      watch: boolean
    }
  /** `of` counts the acknowledged runs from the newest on. */
  | { do: 'cancel'; of: number }
  /** The process dies at the moment itself, or after it when `when` happens for the `nth` time. */
  | { do: 'crash'; when: CrashMoment; nth: number; kept: Kept; downMs: number }
  | { do: 'close'; downMs: number }
  | { do: 'fill-disk'; share: number; ms: number }
  | { do: 'fail-sync'; kept: Kept; downMs: number }
  | { do: 'slow-disk'; ms: number }
  | { do: 'edit-person'; id: string; phone: string; resigned: boolean }
  | { do: 'edit-function'; function: string }
  | { do: 'edit-service'; service: ServiceName; concurrency: number; breaksForMs: number }
  | { do: 'put-clock'; byMs: number }
  | { do: 'stop-process'; ms: number }
export type CrashMoment = 'now' | 'send' | 'arrival' | 'answer' | 'commit' | 'sync' | 'durable'

export interface Scenario {
  /** Delays, and what becomes of each message. */
  seed: number
  weather: Weather
  slowDisk: boolean
  /** `gap`: milliseconds since the one before. */
  actions: { gap: number; action: Action }[]
}

const ms = (most: number) => fc.integer({ min: 0, max: most })
const gap = fc.oneof(
  { weight: 4, arbitrary: ms(20) },
  { weight: 3, arbitrary: ms(1_500) },
  { weight: 1, arbitrary: ms(40_000) },
  { weight: 1, arbitrary: ms(300_000) },
)
const kept = fc.constantFrom<Kept>('synced', 'torn', 'all')
const downMs = fc.oneof(ms(1_000), ms(20_000))
const functionName = fc.constantFrom(...Object.keys(functions))
const phones = ['+12025550100', '+12025550101', '+12025550106', '+12025550107', '']

const start = fc.record({
  do: fc.constant('start' as const),
  function: functionName,
  key: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 2 })),
  other: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.boolean()),
  times: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 3 })),
  dryRun: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
  watch: fc.boolean(),
})

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: start },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), of: ms(2) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      when: fc.constantFrom<CrashMoment>('now', 'send', 'arrival', 'answer', 'commit', 'sync', 'durable'),
      nth: fc.integer({ min: 1, max: 5 }),
      kept,
      downMs,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), downMs }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fill-disk' as const),
      share: fc.constantFrom(0.3, 0.7, 1),
      ms: fc.oneof(ms(50), ms(5_000), ms(40_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail-sync' as const), kept, downMs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('slow-disk' as const), ms: ms(20_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('edit-person' as const),
      id: fc.constantFrom(...people.map(({ id }) => id)),
      phone: fc.constantFrom(...phones),
      resigned: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit-function' as const), function: functionName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit-service' as const),
      service: fc.constantFrom(...(Object.keys(services) as ServiceName[])),
      concurrency: fc.integer({ min: 1, max: 5 }),
      breaksForMs: fc.oneof(fc.constant(0), ms(2_000)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('put-clock' as const),
      byMs: fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.constantFrom(-86_400_000, 86_400_000)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop-process' as const), ms: ms(60_000) }) },
)

/** Scenarios that can be made smaller: without an action, with shorter gaps, in fairer weather. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  weather: fc.constantFrom<Weather>('fair', 'mixed', 'busy', 'broken'),
  slowDisk: fc.boolean(),
  actions: fc.array(fc.record({ gap, action }), { minLength: 1, maxLength: 14, size: 'max' }),
})
