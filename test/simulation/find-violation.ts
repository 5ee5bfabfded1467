import fc from 'fast-check'
import type { Bug } from './planted-bugs.ts'
import { scenarios } from './scenario.ts'
import type { Scenario } from './scenario.ts'
import { Simulation, Violation } from './simulation.ts'
import type { Tally } from './simulation.ts'
import type { Town } from './town.ts'

/** How long a scenario with a violation is made smaller. */
const SHRINK_MS = 60_000
/** Lines of a log that are printed. */
const MOST_LINES = 200

/**
 * Lets the product live through the scenario of a seed.
 * @returns what broke, with the smallest scenario that was found to break it; nothing where all promises were kept
 */
export async function liveThrough(seed: number, town: Town, count: (tally: Tally) => void): Promise<string> {
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    count(await new Simulation(scenario, town).run())
  })
  const { failed, counterexample } = await fc.check(property, {
    ...{ seed, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS },
  })
  return failed ? report(seed, counterexample![0], town) : ''
}

/** The first violation of a seed, as it is. */
export async function firstViolation(seed: number, town: Town, bug: Bug): Promise<string | undefined> {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 })
  return (await violationOf(scenario!, town, bug))?.message
}

async function violationOf(scenario: Scenario, town: Town, bug?: Bug): Promise<Violation | undefined> {
  try {
    await new Simulation(scenario, town, bug).run()
    return undefined
  } catch (error) {
    if (error instanceof Violation) return error
    throw error
  }
}

async function report(seed: number, scenario: Scenario, town: Town): Promise<string> {
  const violation = await violationOf(scenario, town)
  const log = violation?.log ?? []
  return [
    `Seed ${seed}: ${violation?.message ?? 'broke once, and not again: something is not simulated'}`,
    '',
    `The smallest scenario that was found (seed ${scenario.seed}, ${scenario.weather}, slow disk: ${scenario.slowDisk}):`,
    ...scenario.actions.map(({ gap, action }) => `  +${gap} ms ${JSON.stringify(action)}`),
    '',
    `What happened, in milliseconds${log.length > MOST_LINES ? ` (the last ${MOST_LINES} lines)` : ''}:`,
    ...log.slice(-MOST_LINES),
    '',
    `Again: SMS_LOGIC_SEED=${seed} SMS_LOGIC_SEEDS=1 npx vitest run test/simulation/simulation.test.ts`,
  ].join('\n')
}
