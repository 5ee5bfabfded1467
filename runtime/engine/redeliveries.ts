import type { RetryFailed, RetryFailedResult } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { isSettled } from '../../nodes/messages.ts'
import { mayBeRetried } from '../../nodes/retry-failed.ts'
import type { Ledger, MessageRow, OpenRun } from '../ledger/ledger.ts'
import { describeMessage, messageId } from './describe-run.ts'
import type { LiveRun } from './live-run.ts'
import type { MessageSender } from './send-messages.ts'
import type { Timers } from './timers.ts'
import type { UnknownMessages } from './unknown-messages.ts'

/** Messages that are planned again in one transaction. */
const SLICE = 500
/** Unknown messages are sent again at the pace of their service: the answer waits no longer than this for them. */
const ANSWER_AFTER_MS = 2_000

export interface RedeliveryDependencies {
  ledger: Ledger
  sender: MessageSender
  timers: Timers
  unknown: UnknownMessages
  /** A run that is over, as something that messages can be sent for. */
  revive: (open: OpenRun) => Promise<LiveRun>
  unforeseen: (error: unknown) => void
}

/**
 * Sends the failed messages of a finished step again, because somebody asked for it. The run, its output and its way
 * through the graph stay as they were; the messages get further attempts, recorded as such, and go on after a restart.
 */
export class Redeliveries {
  readonly #on: RedeliveryDependencies
  /** Unknown messages that wait for a further attempt: whoever asks again meanwhile starts no other one. */
  readonly #trying = new Set<string>()

  constructor(dependencies: RedeliveryDependencies) {
    this.#on = dependencies
  }

  /**
   * @param live the run, where it is still under way
   * @returns once it is durable which failed messages are sent again, and soon: unknown ones that still wait for their
   *   turn are counted as such
   * @throws FlowError `NOT_FOUND`, `CONFLICT`
   */
  async start(
    runId: string,
    path: string,
    { unknown: resendUnknown }: RetryFailed,
    live: LiveRun | undefined,
  ): Promise<RetryFailedResult> {
    const run = live ?? (await this.#stored(runId))
    const messages = run.messagesOf(path)
    if (messages.length === 0) {
      throw new FlowError(ErrorCode.NotFound, 'This step of the run has no messages')
    }
    refuseUnfinished(run, path)
    await this.#refuseRetried(runId)
    const failed = messages.filter((message) => mayBeRetried(describeMessage(message)))
    const reopened = await this.#reopen(run, path, failed)
    if (reopened.length > 0) this.#send(run, path, reopened)
    const unknown = messages.filter(({ state }) => state === 'unknown')
    const { resent, trying } = resendUnknown ? await this.#resend(unknown) : { resent: 0, trying: 0 }
    const stay = unknown.length - resent - trying
    return { retried: reopened.length, resent, trying, unknown: stay }
  }

  /** Goes on with what the last process had begun. */
  async recover(): Promise<void> {
    for (const { runId, path } of await this.#on.ledger.redeliveries()) {
      const run = await this.#stored(runId)
      this.#send(run, path, run.messagesOf(path))
    }
  }

  /** Whom this run has not texted, the other one may be texting. @throws FlowError `CONFLICT` */
  async #refuseRetried(runId: string): Promise<void> {
    const retry = (await this.#on.ledger.followers(runId)).find(({ kind }) => kind === 'retry')
    if (!retry) return
    throw new FlowError(ErrorCode.Conflict, 'Another run goes on with this one', {
      hint: 'Look at the run that goes on with it.',
      params: { run: retry.runId },
    })
  }

  async #stored(runId: string): Promise<LiveRun> {
    const open = await this.#on.ledger.run(runId)
    if (!open) throw new FlowError(ErrorCode.NotFound, 'There is no such run')
    return this.#on.revive(open)
  }

  /** Each gets all attempts and a time to live of its own again, with the service that it had first. */
  async #reopen(run: LiveRun, path: string, failed: readonly MessageRow[]): Promise<MessageRow[]> {
    const now = this.#on.timers.now()
    const reopened: MessageRow[] = []
    for (let start = 0; start < failed.length; start += SLICE) {
      const slice = failed.slice(start, start + SLICE)
      const planned = slice.map((message): MessageRow => {
        const { earlierServices, batch: _, ...options } = message.options ?? {}
        return {
          ...message,
          serviceId: earlierServices?.[0] ?? message.serviceId,
          options: { ...options, earlierAttempts: message.attempts, since: now },
          state: 'planned',
          skipped: undefined,
          error: undefined,
          wakeAt: undefined,
          updated: now,
        }
      })
      const isReopened = await this.#on.ledger.reopen(planned, { runId: run.row.id, path, created: now })
      for (const [index, message] of slice.entries()) {
        if (!isReopened[index]) continue
        Object.assign(message, planned[index])
        run.changed(message)
        reopened.push(message)
      }
    }
    return reopened
  }

  #send(run: LiveRun, path: string, messages: readonly MessageRow[]): void {
    this.#toTheEnd(run, path, messages).catch(this.#on.unforeseen)
  }

  async #toTheEnd(run: LiveRun, path: string, messages: readonly MessageRow[]): Promise<void> {
    for (;;) {
      const until = await this.#on.sender.settle(run, messages)
      if (until === undefined) break
      await new Promise<void>((resolve) => this.#on.timers.at(until, resolve))
    }
    await this.#on.ledger.endRedelivery(run.row.id, path)
  }

  /** Tries each at its turn; answers when all are done, or after a while with what is known by then. */
  async #resend(unknown: readonly MessageRow[]): Promise<{ resent: number; trying: number }> {
    const counts = { resent: 0, trying: unknown.length }
    const attempts = unknown.map((message) => this.#tryAgain(message, counts))
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, ANSWER_AFTER_MS)))
    await Promise.race([Promise.all(attempts), enough])
    clearTimeout(timer)
    return { ...counts }
  }

  async #tryAgain(message: MessageRow, counts: { resent: number; trying: number }): Promise<void> {
    const { runId, number } = message
    const id = messageId(message)
    if (this.#trying.has(id)) return
    this.#trying.add(id)
    try {
      await this.#on.unknown.resolve(runId, number, 'resend', 'retry of the failed ones of a step')
      counts.resent++
    } catch (error) {
      // opted out, or known by now: then nothing is sent
      if (!(error instanceof FlowError)) this.#on.unforeseen(error)
    } finally {
      counts.trying--
      this.#trying.delete(id)
    }
  }
}

function refuseUnfinished(run: LiveRun, path: string): void {
  const step = run.steps.find((each) => each.path === path)
  const isOpen = run.messagesOf(path).some(({ state }) => !isSettled(state))
  if (step && step.finished !== null && !isOpen && !run.cancelRequested) return
  throw new FlowError(
    ErrorCode.Conflict,
    run.cancelRequested ? 'The run was cancelled' : 'The step is still sending',
    {
      hint: run.cancelRequested
        ? 'Start the function again.'
        : 'Wait until all of its messages are settled, then try again.',
    },
  )
}
