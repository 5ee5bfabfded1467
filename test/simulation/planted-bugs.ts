import type { NodeExecutor } from '../../nodes/execution.ts'
import type { PlannedMessage } from '../../nodes/messages.ts'
import type { SendOutcome, SmsProvider } from '../../nodes/services/sms/provider.ts'
import { smsNotificationExecutor } from '../../nodes/sms-notification/execute.ts'
import type { retryDelayMs } from '../../runtime/engine/retry.ts'
import type { Ledger, OpenRun } from '../../runtime/ledger/ledger.ts'
import type { Database } from '../../runtime/store/database.ts'
import type { Simulation } from './simulation.ts'

/** A mistake put between the product and its surroundings, to see whether the simulation notices it. */
export interface Bug {
  name: string
  /** What the simulation must say of it. */
  found: RegExp
  /** Where the search begins, for one that shows itself in one life of a thousand; otherwise at 1. */
  firstSeed?: number
  provider?: (real: SmsProvider) => SmsProvider
  ledger?: (real: Ledger, simulation: Simulation, database: Database) => Ledger
  retryDelayMs?: (real: typeof retryDelayMs) => typeof retryDelayMs
  nodes?: () => NodeExecutor[]
}

export const plantedBugs: readonly Bug[] = [
  {
    name: 'acknowledges a run before it is on the disk',
    found: /^I1:/,
    ledger: (real) => overlay(real, { acceptRun: (...given) => unwaited(real.acceptRun(...given)) }),
  },
  {
    name: 'takes a claim for granted',
    found: /^I5:/,
    ledger: (real) => overlay(real, { claimMessage: async () => true }),
  },
  {
    name: 'sends before the plan is on the disk',
    found: /^I5:/,
    ledger: (real) => overlay(real, { planMessages: (...given) => unwaited(real.planMessages(...given)) }),
  },
  {
    name: 'takes a plan that found no space for written',
    // texts that nothing on the disk knows of leave, or the step tells of messages that are not there
    found: /^I5:|^I17:/,
    ledger: (real) =>
      overlay(real, { planMessages: (...given) => real.planMessages(...given).catch(nothing) }),
  },
  {
    name: 'goes on after an fsync that failed',
    found: /^I1:|^I5:|^I21:|^The end/,
    ledger: (real, _simulation, database) => {
      const sync = database.sync.bind(database)
      database.sync = (done) => sync(() => done(null))
      return real
    },
  },
  {
    name: 'loses that a message was accepted',
    found: /^I20:|^Not everything ends/,
    ledger: (real) =>
      overlay(real, {
        settleMessage: async (message, ...given) =>
          message.state === 'accepted' ? undefined : real.settleMessage(message, ...given),
      }),
  },
  {
    name: 'ends a run before its messages',
    found: /^I13:/,
    ledger: (real, { time }, database) =>
      overlay(real, {
        async settleMessage(...given) {
          time.after(500, time.process, () => void unwaited(real.settleMessage(...given)))
        },
        async finishRun(runId, { status, finished }) {
          const end = database.prepare('UPDATE run SET status = ?, finished = ? WHERE id = ?')
          end.run(status, finished, runId)
          return true
        },
      }),
  },
  {
    name: 'takes what was on its way at a crash for planned',
    found: /^I7:/,
    ledger: (real, _simulation, database) =>
      overlay(real, {
        recover(now) {
          database.prepare("UPDATE message SET state = 'planned' WHERE state = 'dispatching'").run()
          return real.recover(now)
        },
      }),
  },
  {
    name: 'forgets after a restart which steps are done',
    found: /recorded twice/,
    ledger: (real) => afterRecovery(real, (open) => ({ ...open, steps: [] })),
  },
  {
    name: 'forgets after a restart what was planned',
    found: /^Not everything ends/,
    ledger: (real) => afterRecovery(real, (open) => ({ ...open, messages: [] })),
  },
  {
    name: 'forgets after a restart that a run was cancelled',
    found: /^I21:/,
    ledger: (real) => afterRecovery(real, (open) => ({ ...open, run: { ...open.run, cancelled: false } })),
  },
  {
    name: 'forgets after a restart when to try again',
    found: /^I10:.*Retry-After/,
    ledger: (real) =>
      afterRecovery(real, (open) => ({
        ...open,
        messages: open.messages.map((message) => ({ ...message, wakeAt: undefined })),
      })),
  },
  {
    name: 'forgets the graph of a run',
    found: /^The product does not start|^Not everything ends/,
    ledger: (real) => overlay(real, { keepGraph: async () => undefined }),
  },
  {
    name: 'acknowledges a cancel and writes nothing',
    found: /^I21:/,
    ledger: (real) => overlay(real, { requestCancel: async () => undefined }),
  },
  {
    name: 'forgets idempotency keys',
    found: /^I2:/,
    ledger: (real) => overlay(real, { acceptRun: (run) => real.acceptRun(run) }),
  },
  {
    name: 'asks the provider for an unknown message without end',
    found: /^I8:/,
    ledger: (real) =>
      overlay(real, { deliveries: overlay(real.deliveries, { planLookUp: async () => undefined }) }),
  },
  {
    name: 'forgets to count for the day what it sends again',
    found: /^daily cap:/,
    firstSeed: 980,
    ledger: (real) =>
      overlay(real, {
        deliveries: overlay(real.deliveries, {
          claimAgain: (message, attempt) => real.deliveries.claimAgain(message, attempt),
        }),
      }),
  },
  {
    name: 'tries again after an outcome that nobody knows',
    // Its place in the day's count is given back as well.
    found: /^I7:|^daily cap:/,
    provider: (real) =>
      outcomes(real, (outcome) =>
        outcome.state === 'unknown' ? { ...outcome, state: 'unreachable' } : outcome,
      ),
  },
  {
    name: 'takes an outcome that nobody knows for a refusal',
    found: /^I13:.*the provider has it|^daily cap:/,
    provider: (real) =>
      outcomes(real, (outcome) =>
        outcome.state === 'unknown' ? { ...outcome, state: 'rejected' } : outcome,
      ),
  },
  {
    name: 'ignores Retry-After',
    found: /^I10:.*Retry-After/,
    provider: (real) =>
      outcomes(real, (outcome) =>
        outcome.state === 'throttled' ? { ...outcome, retryAfterMs: undefined } : outcome,
      ),
  },
  {
    name: 'makes two wire requests of one attempt',
    found: /^I11:|^I6:/,
    provider: (real) =>
      overlay(real, {
        async send(message) {
          const outcome = await real.send(message)
          return outcome.state === 'accepted' ? outcome : real.send(message)
        },
      }),
  },
  {
    name: 'believes a look-up that found nothing',
    found: /^I13:.*none of this id/,
    provider: (real) =>
      real.lookUp
        ? overlay(real, {
            lookUp: async () => ({
              state: 'found',
              matches: [{ isExact: true, providerId: 'none', status: 'sent' }],
            }),
          })
        : real,
  },
  {
    name: 'takes every look-up for proof that a message is absent',
    found: /^I7:|^I6:/,
    provider: (real) => (real.lookUp ? overlay(real, { lookUp: async () => ({ state: 'absent' }) }) : real),
  },
  {
    name: 'mixes up the answers of a batch',
    found: /^I13:/,
    provider: (real) =>
      real.sendBatch
        ? overlay(real, {
            sendBatch: async (messages) => (await real.sendBatch!(messages)).reverse(),
          })
        : real,
  },
  {
    name: 'makes a sixth attempt',
    found: /too many attempts/,
    retryDelayMs: (real) => (outcome, attempt, age, policy, random) =>
      real(outcome, attempt, age, { ...policy, maxAttempts: 6 }, random),
  },
  {
    name: 'texts people who share a number twice',
    found: /^I15:/,
    nodes: () => [
      planning((plan) =>
        plan.map((message) =>
          message.skipped === 'same-number' ? { ...message, skipped: undefined } : message,
        ),
      ),
    ],
  },
  {
    name: 'drops one person without a word',
    found: /^I16:/,
    nodes: () => [planning((plan) => (plan.length > 2 ? plan.slice(0, -1) : plan))],
  },
]

/** Answers at once, whatever becomes of it. */
function unwaited(writing: Promise<unknown>): Promise<void> {
  writing.catch(nothing)
  return Promise.resolve()
}

const nothing = (): void => undefined

function afterRecovery(real: Ledger, change: (open: OpenRun) => OpenRun): Ledger {
  return overlay(real, { recover: async (now) => (await real.recover(now)).map(change) })
}

function outcomes(real: SmsProvider, change: (outcome: SendOutcome) => SendOutcome): SmsProvider {
  return overlay(real, { send: async (message) => change(await real.send(message)) })
}

/** The SMS node with another idea of what to plan. */
function planning(change: (plan: readonly PlannedMessage[]) => readonly PlannedMessage[]): NodeExecutor {
  return {
    ...(smsNotificationExecutor as unknown as NodeExecutor),
    execute: (params, context) =>
      smsNotificationExecutor.execute(
        params as never,
        overlay(context, {
          sendMessages: (plan, ...given) => context.sendMessages(change(plan), ...given),
        }),
      ),
  }
}

/** An object with some of its members changed. */
function overlay<T extends object>(real: T, changes: Partial<T>): T {
  return new Proxy(real, {
    get(target, name) {
      if (Object.hasOwn(changes, name)) return changes[name as keyof T]
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}
