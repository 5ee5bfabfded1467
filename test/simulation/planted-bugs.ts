import type { NodeExecutor } from '../../nodes/execution.ts'
import type { SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { retryDelayMs } from '../../runtime/engine/retry.ts'
import type { Ledger } from '../../runtime/ledger/ledger.ts'
import type { Database } from '../../runtime/store/database.ts'
import type { Simulation } from './simulation.ts'

/** A mistake put between the product and its surroundings, to see whether the simulation notices it. */
export interface Bug {
  name: string
  provider?: (real: SmsProvider, simulation: Simulation) => SmsProvider
  ledger?: (real: Ledger, simulation: Simulation, database: Database) => Ledger
  retryDelayMs?: (real: typeof retryDelayMs) => typeof retryDelayMs
  nodes?: () => NodeExecutor[]
}
