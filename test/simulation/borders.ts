import type { SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import type * as retryModule from '../../runtime/engine/retry.ts'
import type { Ledger } from '../../runtime/ledger/ledger.ts'
import type * as ledgerModule from '../../runtime/ledger/sqlite.ts'
import type * as providersModule from '../../runtime/providers/sms/index.ts'
import type { Database } from '../../runtime/store/database.ts'
import type * as surroundingsModule from '../../runtime/surroundings.ts'
import type { Surroundings } from '../../runtime/surroundings.ts'

/**
 * Where the product meets the outside, and a simulation takes its place. Everything else is the real product. The last
 * two are the way in for planted bugs; without one they change nothing.
 */
export interface Borders {
  surroundings: () => Surroundings
  provider: (name: SmsProviderName, settings: object) => SmsProvider
  ledger: (real: Ledger, database: Database) => Ledger
  retryDelayMs: (real: typeof retryModule.retryDelayMs) => typeof retryModule.retryDelayMs
}

/** The simulation that runs at this moment; none: the real things. */
export const simulated: { borders: Borders | undefined } = { borders: undefined }

/** For `vi.mock('../../runtime/surroundings.ts', …)`. */
export function surroundingsBorder(real: typeof surroundingsModule): typeof surroundingsModule {
  return { ...real, systemSurroundings: () => (simulated.borders?.surroundings ?? real.systemSurroundings)() }
}

/** For `vi.mock('../../runtime/providers/sms/index.ts', …)`. */
export function providersBorder(real: typeof providersModule): typeof providersModule {
  return {
    ...real,
    openSmsProvider: async (name, settings, options) =>
      simulated.borders?.provider(name, settings) ?? real.openSmsProvider(name, settings, options),
  }
}

/** For `vi.mock('../../runtime/ledger/sqlite.ts', …)`. */
export function ledgerBorder(real: typeof ledgerModule): typeof ledgerModule {
  const SqliteLedger = function (database: Database, steady: () => number): Ledger {
    const ledger = new real.SqliteLedger(database, steady)
    return simulated.borders?.ledger(ledger, database) ?? ledger
  }
  return { ...real, SqliteLedger: SqliteLedger as unknown as typeof ledgerModule.SqliteLedger }
}

/** For `vi.mock('../../runtime/engine/retry.ts', …)`. */
export function retryBorder(real: typeof retryModule): typeof retryModule {
  return {
    ...real,
    retryDelayMs: (...given) =>
      (simulated.borders?.retryDelayMs(real.retryDelayMs) ?? real.retryDelayMs)(...given),
  }
}
