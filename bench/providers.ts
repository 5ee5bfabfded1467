import { Pool } from 'undici'
import type { OutgoingSms } from '../nodes/services/sms/provider.ts'
import { smsProviderNames, smsProviders, type SmsProviderName } from '../nodes/services/sms/settings.ts'
import { openSmsProvider } from '../runtime/providers/sms/index.ts'
import { sandboxServices } from '../runtime/sandbox/accounts.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'
import { captureRequest } from './support/capture-request.ts'
import { startChild } from './support/child.ts'
import { defaultSdks } from './support/default-sdks.ts'
import { load } from './support/load.ts'

const ROUNDS = 11
const CONCURRENCY = 64
/** Sends in one round: a part of a second of each, so that what else the machine does hits all three alike. */
const COUNTS = { bare: 4_000, adapter: 3_000, library: 1_000 }

/**
 * Sends per second through each adapter, against a bare undici loop that repeats the very request the adapter makes,
 * and against the provider's library as it comes.
 */
export async function benchProviders(): Promise<BenchCase[]> {
  const cases: BenchCase[] = []
  for (const provider of smsProviderNames) cases.push(...(await benchProvider(provider)))
  return cases
}

async function benchProvider(provider: SmsProviderName): Promise<BenchCase[]> {
  const stub = await startChild('provider-stub.ts', [provider])
  const settingsAt = (endpoint: string) =>
    smsProviders[provider].settings.parse({
      ...sandboxServices[provider],
      endpoint,
      concurrency: CONCURRENCY,
    })
  const request = await captureRequest(async (origin) => {
    const once = await openSmsProvider(provider, settingsAt(origin) as never)
    await once.send(messageOf(0))
    await once.close()
  })
  const adapter = await openSmsProvider(provider, settingsAt(stub.line) as never)
  const bare = new Pool(stub.line, { connections: CONCURRENCY })
  const library = defaultSdks[provider](settingsAt(stub.line) as never, stub.line)
  const loops = {
    bare: async () => {
      const answer = await bare.request(request)
      await answer.body.text()
    },
    adapter: async (index: number) => {
      const { state } = await adapter.send(messageOf(index))
      if (state !== 'accepted') throw new Error(`${provider}: ${state}`)
    },
    library: (index: number) => library(messageOf(index)),
  }
  const rates: Record<keyof typeof loops, number[]> = { bare: [], adapter: [], library: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of ['bare', 'adapter', 'library'] as const) {
      const { perSecond } = await load(COUNTS[name], CONCURRENCY, loops[name])
      if (round > 0) rates[name].push(perSecond) // the first round warms up
    }
  }
  await Promise.all([adapter.close(), bare.close(), stub.stop()])

  const ratioTo = (other: number[]) => median(rates.adapter.map((rate, round) => rate / other[round]!))
  const name = `${provider}: sends through the adapter`
  const value = median(rates.adapter)
  const unit = 'sends/s'
  const toBare = { ratio: ratioTo(rates.bare), relativeTo: 'bare undici' }
  const toLibrary = { ratio: ratioTo(rates.library), relativeTo: 'the library as it comes' }
  const { toBareGoal, toLibraryGoal } = goals[provider]
  return [
    { name, value, unit, ...toBare, ...(toBareGoal && { goal: toBareGoal }) },
    { name, value, unit, ...toLibrary, goal: toLibraryGoal },
  ]
}

/** Alibaba's library hashes each request twice to sign it, Amazon's builds it in a dozen layers. */
const goals: Record<SmsProviderName, { toBareGoal?: string; toLibraryGoal: string }> = {
  alibaba: { toBareGoal: 'ratio >= 0.5', toLibraryGoal: 'ratio >= 1.5' },
  'aws-sns': { toLibraryGoal: 'ratio >= 1.5' },
  twilio: { toBareGoal: 'ratio >= 0.5', toLibraryGoal: 'ratio >= 2' },
}

function messageOf(index: number): OutgoingSms {
  return {
    id: `bench-${index}`,
    attempt: 1,
    to: '+12025550123',
    text: 'Pump 3 needs help: pressure too high',
    templateCode: 'SMS_100001',
    templateVariables: { device: 'Pump 3', text: 'pressure too high' },
  }
}
