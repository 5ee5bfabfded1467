import type { RunStatus, RunTrigger } from '../../nodes/api/runs.ts'
import type { MessageState } from '../../nodes/messages.ts'
import type { SendOutcome } from '../../nodes/services/sms/provider.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { Counter, Histogram } from './instruments.ts'

/** Seconds of a call of a provider: a text takes tens of milliseconds, and is given up after 30 s. */
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const COMMIT_WRITES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
const SYNC_SECONDS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1]

/** Told of what the ledger brings to the disk. */
export interface LedgerFigures {
  /** A message became settled, or another settled state than before. */
  settled(serviceId: string, state: MessageState): void
  /** So many writes shared a commit, which took the disk so long. */
  committed(writes: number, syncMs: number): void
}

/** Told of the calls of providers. */
export interface CallFigures {
  called(provider: SmsProviderName, tookMs: number, outcomes: readonly SendOutcome[]): void
}

/** Told of runs. */
export interface RunFigures {
  started(trigger: RunTrigger): void
  ended(status: RunStatus): void
}

/** Where nobody asks for figures. */
export const noFigures: LedgerFigures & CallFigures & RunFigures = {
  settled: () => undefined,
  committed: () => undefined,
  called: () => undefined,
  started: () => undefined,
  ended: () => undefined,
}

/** What happened since the process began, counted where it happens: a few additions each, and no look at the store. */
export class Figures implements LedgerFigures, CallFigures, RunFigures {
  readonly #providerOf: (serviceId: string) => SmsProviderName | undefined
  /** Services that were seen: one that is deleted goes on being counted as before. */
  readonly #providers = new Map<string, string>()
  readonly #runsStarted = new Counter('sms_logic_runs_started_total', 'Runs that were accepted.', ['trigger'])
  readonly #runsEnded = new Counter('sms_logic_runs_ended_total', 'Runs that ended.', ['status'])
  readonly #messages = new Counter(
    'sms_logic_messages_total',
    'Messages that became settled, by the state they came to; one that is found out about later counts again.',
    ['provider', 'state'],
  )
  readonly #outcomes = new Counter(
    'sms_logic_provider_outcomes_total',
    'What wire requests proved, once for each message in them.',
    ['provider', 'outcome'],
  )
  readonly #calls = new Histogram(
    'sms_logic_provider_call_seconds',
    'Time until the provider had answered a wire request, or it was given up.',
    CALL_SECONDS,
    'provider',
  )
  readonly #commits = new Histogram(
    'sms_logic_commit_writes',
    'Writes of the ledger that shared a commit.',
    COMMIT_WRITES,
  )
  readonly #syncs = new Histogram(
    'sms_logic_fsync_seconds',
    'Time that the disk took to make a commit of the ledger last.',
    SYNC_SECONDS,
  )

  constructor(providerOf: (serviceId: string) => SmsProviderName | undefined) {
    this.#providerOf = providerOf
  }

  started(trigger: RunTrigger): void {
    this.#runsStarted.add(trigger)
  }

  ended(status: RunStatus): void {
    this.#runsEnded.add(status)
  }

  settled(serviceId: string, state: MessageState): void {
    let provider = this.#providers.get(serviceId)
    if (provider === undefined) {
      provider = this.#providerOf(serviceId) ?? 'none'
      this.#providers.set(serviceId, provider)
    }
    this.#messages.add(provider, state)
  }

  called(provider: SmsProviderName, tookMs: number, outcomes: readonly SendOutcome[]): void {
    this.#calls.observe(tookMs / 1_000, provider)
    for (const { state } of outcomes) this.#outcomes.add(provider, state)
  }

  committed(writes: number, syncMs: number): void {
    this.#commits.observe(writes)
    this.#syncs.observe(syncMs / 1_000)
  }

  render(): string {
    return [
      this.#runsStarted,
      this.#runsEnded,
      this.#messages,
      this.#outcomes,
      this.#calls,
      this.#commits,
      this.#syncs,
    ]
      .map((each) => each.render())
      .join('')
  }
}
