import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { MessageBody, MessageError, MessageReport, PlannedMessage } from '../../nodes/messages.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { SendFailure, SendOutcome } from '../../nodes/services/sms/provider.ts'
import { saysOptedOut } from '../../nodes/services/sms/sender.ts'
import type { SendOptions } from '../../nodes/execution.ts'
import type { AttemptRow, Ledger, MessageRow, StepRecord } from '../ledger/ledger.ts'
import { describeMessage, messageId } from './describe-run.ts'
import type { LiveRun } from './live-run.ts'
import type { DurableWriter } from './durable-writer.ts'
import type { OptOutList } from './opt-out-list.ts'
import { evidence, finalState, messageError } from './outcome.ts'
import type { OpenService, ProviderPool } from './provider-pool.ts'
import { retryDelayMs } from './retry.ts'
import type { UnknownMessages } from './unknown-messages.ts'

/** Bytes leave within this time after the claim was written, or not at all (a machine that was asleep, a stalled process). */
const DISPATCH_DEADLINE_MS = 10_000

export interface SenderDependencies {
  ledger: Ledger
  providers: ProviderPool
  writer: DurableWriter
  clock: () => number
  random: () => number
  optOuts: OptOutList
  unknown: UnknownMessages
}

/**
 * The send protocol. Two durable barriers stand around each wire request, shared by everything in flight:
 *
 * 1. plan and claim (`dispatching`) are on disk before the first byte leaves;
 * 2. the outcome is on disk before the next effect of the run begins.
 *
 * No provider has an idempotency key, so an attempt whose outcome nobody knows becomes `unknown` and is never
 * repeated; a further attempt follows only one that was certainly not accepted.
 */
export class MessageSender {
  readonly #ledger: Ledger
  readonly #providers: ProviderPool
  readonly #clock: () => number
  readonly #random: () => number
  readonly #writer: DurableWriter
  readonly #optOuts: OptOutList
  readonly #unknown: UnknownMessages

  constructor({ ledger, providers, writer, clock, random, optOuts, unknown }: SenderDependencies) {
    this.#ledger = ledger
    this.#providers = providers
    this.#writer = writer
    this.#clock = clock
    this.#random = random
    this.#optOuts = optOuts
    this.#unknown = unknown
  }

  /** Sends what a step planned, or goes on with what it had planned before a restart; answers when all is settled. */
  async send(
    run: LiveRun,
    step: StepRecord,
    plan: readonly PlannedMessage[],
    { onUnknown = 'hold' }: SendOptions = {},
  ): Promise<MessageReport[]> {
    if (run.row.dryRun) throw new Error('A dry run must not send')
    let messages = run.messagesOf(step.path)
    if (messages.length === 0) messages = await this.#plan(run, step.path, plan)
    const open = messages.filter((message) => !isSettled(message.state))
    if (open.length === 1) await this.#deliver(run, open[0]!)
    else await Promise.all(open.map((message) => this.#deliver(run, message)))
    if (onUnknown === 'resend') await this.#resolveByResending(run, messages)
    return messages.map(describeMessage)
  }

  async #resolveByResending(run: LiveRun, messages: readonly MessageRow[]): Promise<void> {
    const unknown = messages.filter(({ state }) => state === 'unknown')
    if (unknown.length === 0) return
    // What a watcher sees of an unknown message is on disk, and so is the plan of its look-ups.
    await this.#ledger.flushed()
    const resolved = Promise.all(unknown.map((message) => this.#unknown.resolveByResending(message)))
    await Promise.race([resolved, new Promise<void>((resolve) => run.onCancel(resolve))])
  }

  async #plan(run: LiveRun, path: string, plan: readonly PlannedMessage[]): Promise<MessageRow[]> {
    const messages = plan.map((planned, index) => this.#row(run, path, run.messages.length + index, planned))
    run.messages.push(...messages)
    const steps = run.takeUnrecorded()
    await this.#writer.durably(run, () => this.#ledger.planMessages(messages, steps))
    for (const message of messages) run.changed(message)
    return messages
  }

  #row(run: LiveRun, path: string, number: number, planned: PlannedMessage): MessageRow {
    const now = this.#clock()
    const { serviceId, memberId, name, phone, reasons } = planned
    const skipped = planned.skipped ?? (this.#isOptedOut(planned) ? 'opted-out' : undefined)
    // A slot that is free now saves the message a commit of its own: it is born `dispatching`.
    const startsNow = !skipped && this.#providers.ready(serviceId)?.gate.tryTake() === true
    return {
      runId: run.row.id,
      number,
      path,
      serviceId,
      memberId,
      name,
      phone,
      reasons,
      body: {
        ...contentOf(planned),
        ...(planned.essential && { essential: true }),
      },
      state: skipped ? 'suppressed' : startsNow ? 'dispatching' : 'planned',
      skipped,
      attempts: startsNow ? 1 : 0,
      wakeAt: undefined,
      providerId: undefined,
      segments: undefined,
      error: planned.error,
      created: now,
      updated: now,
    }
  }

  async #deliver(run: LiveRun, message: MessageRow): Promise<void> {
    let service = this.#providers.ready(message.serviceId)
    let claimedAt = performance.now()
    for (;;) {
      if (message.state !== 'dispatching') {
        if (message.wakeAt !== undefined) await this.#sleepUntil(run, message.wakeAt)
        try {
          service = await this.#providers.open(message.serviceId)
        } catch (error) {
          return this.#settle(run, message, 'rejected', configurationError(error))
        }
        await service.gate.take()
        claimedAt = performance.now()
        if (this.#isOptedOut({ ...message, essential: message.body.essential })) {
          service.gate.release()
          message.skipped = 'opted-out'
          return this.#settle(run, message, 'suppressed')
        }
        if (run.cancelRequested || !(await this.#claim(run, message))) {
          service.gate.release()
          if (run.cancelRequested) await this.#settle(run, message, 'cancelled')
          return
        }
      }
      const delayMs = await this.#attempt(run, message, service!, claimedAt)
      if (delayMs === null) return
    }
  }

  async #claim(run: LiveRun, message: MessageRow): Promise<boolean> {
    message.updated = this.#clock()
    const attempt = message.attempts + 1
    if (!(await this.#writer.durably(run, () => this.#ledger.claimMessage(message, attempt)))) return false
    message.state = 'dispatching'
    message.attempts = attempt
    message.wakeAt = undefined
    run.changed(message)
    return true
  }

  /** One wire request and the record of what it proved. @returns the wait before the next one, `null`: settled */
  async #attempt(
    run: LiveRun,
    message: MessageRow,
    { provider, gate }: OpenService,
    claimedAt: number,
  ): Promise<number | null> {
    const started = this.#clock()
    if (run.cancelRequested) {
      gate.release()
      await this.#settle(run, message, 'cancelled')
      return null
    }
    const outcome: SendOutcome =
      performance.now() - claimedAt > DISPATCH_DEADLINE_MS
        ? { state: 'unreachable', error: tooLate(provider.name) }
        : await provider.send({
            id: messageId(message),
            attempt: message.attempts,
            to: message.phone,
            ...message.body,
          })
    gate.release()
    const finished = this.#clock()
    const delayMs = run.cancelRequested
      ? null
      : retryDelayMs(outcome, message.attempts, finished - message.created, this.#random)
    if (outcome.state === 'accepted') {
      message.providerId = outcome.providerId
      message.segments = outcome.segments
      message.error = undefined
    } else {
      message.error = messageError(outcome)
    }
    message.state = delayMs === null ? finalState(outcome) : 'retry-wait'
    message.wakeAt = delayMs === null ? undefined : finished + delayMs
    message.updated = finished
    const written = this.#write(run, message, describeAttempt(message, outcome, started, finished))
    if (message.state === 'unknown') written.then(() => this.#unknown.noted(), ignore)
    else if (outcome.state === 'rejected') this.#noteRefusal(message, outcome.error, finished)
    // A settled outcome is on disk no later than whatever the run does next, since writes keep their order.
    // So only a message that will be claimed again, or whose watchers wait for the truth, has to wait here.
    if (delayMs !== null || run.listeners.size > 0) await written
    return delayMs
  }

  #isOptedOut({
    serviceId,
    phone,
    essential,
  }: Pick<PlannedMessage, 'serviceId' | 'phone' | 'essential'>): boolean {
    return this.#optOuts.blocks(serviceId, phone) && !essential
  }

  /** The provider knows of a STOP that never came here. */
  #noteRefusal({ serviceId, phone }: MessageRow, { provider, providerCode }: SendFailure, at: number): void {
    if (!saysOptedOut(provider, providerCode)) return
    const refusal = {
      serviceId,
      sender: '',
      phone,
      source: 'provider',
      reason: providerCode,
      since: at,
    } as const
    this.#optOuts.add(refusal).catch(ignore) // the next refusal says it again
  }

  async #settle(
    run: LiveRun,
    message: MessageRow,
    state: 'rejected' | 'cancelled' | 'suppressed',
    error?: MessageError,
  ): Promise<void> {
    message.state = state
    message.error = error
    message.wakeAt = undefined
    message.updated = this.#clock()
    await this.#write(run, message)
  }

  async #write(run: LiveRun, message: MessageRow, attempt?: AttemptRow): Promise<void> {
    const row = { ...message }
    await this.#writer.durably(run, () => this.#ledger.settleMessage(row, attempt))
    run.changed(message)
  }

  async #sleepUntil(run: LiveRun, wakeAt: number): Promise<void> {
    const waitMs = wakeAt - this.#clock()
    if (waitMs <= 0) return
    await Promise.race([this.#writer.sleep(waitMs), new Promise<void>((resolve) => run.onCancel(resolve))])
  }
}

/** What the message carries: a text, or a template that is kept at the provider with its values. */
function contentOf(planned: PlannedMessage): MessageBody {
  const { templateCode, templateVariables = {}, contentSid, contentVariables = {} } = planned
  if (templateCode !== undefined) return { templateCode, templateVariables }
  if (contentSid !== undefined) return { contentSid, contentVariables }
  return { text: planned.text ?? '' }
}

/** The evidence of a request that was not accepted; an accepted one leaves its evidence in the message. */
function describeAttempt(
  message: MessageRow,
  outcome: SendOutcome,
  started: number,
  finished: number,
): AttemptRow | undefined {
  if (outcome.state === 'accepted') return undefined
  return {
    attempt: message.attempts,
    started,
    finished,
    outcome: outcome.state,
    evidence: evidence(outcome.error),
  }
}

const ignore = (): void => undefined

function tooLate(provider: OpenService['provider']['name']) {
  return {
    provider,
    providerCode: 'DISPATCH_DEADLINE',
    about: 'network' as const,
    message: 'The process was held up before the request could leave; nothing was sent',
  }
}

function configurationError(error: unknown): MessageError {
  if (!(error instanceof FlowError)) throw error
  return {
    code: ErrorCode.SmsRejected,
    about: 'configuration',
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
  }
}
