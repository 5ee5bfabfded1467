import type { MessageBody, MessageReport, PlannedMessage } from '../../nodes/messages.ts'
import { isSettled } from '../../nodes/messages.ts'
import type { SkipReason } from '../../nodes/directory/schema.ts'
import type { SendOptions } from '../../nodes/execution.ts'
import type { MessageOptions, MessageRow, StepRecord } from '../ledger/ledger.ts'
import { StepParked } from './branches.ts'
import { describeMessage } from './describe-run.ts'
import type { Gate } from './gate.ts'
import type { LiveRun } from './live-run.ts'
import type { OpenService } from './provider-pool.ts'
import { SLICE, StepSends } from './step-sends.ts'
import type { SendDependencies } from './step-sends.ts'
import { takenBefore } from './take-over.ts'
import type { UnknownMessages } from './unknown-messages.ts'

export interface SenderDependencies extends SendDependencies {
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
  readonly #on: SenderDependencies

  constructor(dependencies: SenderDependencies) {
    this.#on = dependencies
  }

  /** Sends what a step planned; answers when all is settled. @throws StepParked */
  async send(
    run: LiveRun,
    step: StepRecord,
    plan: readonly PlannedMessage[],
    options?: SendOptions,
  ): Promise<MessageReport[]> {
    if (run.row.dryRun) throw new Error('A dry run must not send')
    const carried = run.row.source?.kind === 'retry' ? await this.#carry(run, step) : undefined
    if (carried) {
      const left = plan.filter((planned) => !carried.some((message) => isSamePerson(message, planned)))
      return [...step.carried!, ...(left.length === 0 ? [] : await this.#send(run, step, left, options))]
    }
    return this.#send(run, step, plan, options)
  }

  async #send(
    run: LiveRun,
    step: StepRecord,
    plan: readonly PlannedMessage[],
    options: SendOptions | undefined,
  ): Promise<MessageReport[]> {
    const known = run.messagesOf(step.path)
    if (known.length > 0) return this.#finish(run, known, options)
    const messages = await this.#plan(run, step.path, plan)
    const [only] = messages
    // The way of most messages: one in its step, claimed in the commit of its plan.
    if (messages.length === 1 && only!.state === 'dispatching') await this.#on.attempts.born(run, only!)
    return this.#finish(run, messages, options)
  }

  /** Goes on with what a step planned before; answers when all is settled. @throws StepParked */
  resume(run: LiveRun, step: StepRecord, options?: SendOptions): Promise<MessageReport[]> | undefined {
    const messages = run.messagesOf(step.path)
    if (messages.length === 0) return undefined
    const own = this.#finish(run, messages, options)
    return run.row.source?.kind === 'retry' ? this.#withCarried(run, step, own) : own
  }

  async #withCarried(
    run: LiveRun,
    step: StepRecord,
    own: Promise<MessageReport[]>,
  ): Promise<MessageReport[]> {
    const [reports] = await Promise.all([own, this.#carry(run, step)])
    return [...(step.carried ?? []), ...reports]
  }

  /** Notes whom the step has texted, or may have, in the runs that this one goes on with. */
  async #carry(run: LiveRun, step: StepRecord): Promise<MessageRow[] | undefined> {
    const taken = await takenBefore(this.#on.ledger, run.row, step.path)
    if (taken.length === 0) return undefined
    step.carried = taken.map(describeMessage)
    return taken
  }

  /** Gives up what a cancelled run, or a branch that was stopped, had planned; what is on its way is waited for. */
  async giveUp(run: LiveRun): Promise<void> {
    await this.settle(run, run.messages)
  }

  /** Sends what is open of these messages. @returns until when all of them wait, where they do; else all are settled */
  async settle(run: LiveRun, messages: readonly MessageRow[]): Promise<number | undefined> {
    const open = messages.filter(({ state }) => !isSettled(state))
    return open.length === 0 ? undefined : new StepSends(run, open, this.#on).finished
  }

  async #finish(
    run: LiveRun,
    messages: readonly MessageRow[],
    { onUnknown = 'hold' }: SendOptions = {},
  ): Promise<MessageReport[]> {
    if (messages.length > 1 || !isSettled(messages[0]?.state ?? 'accepted')) await this.#settle(run, messages)
    if (onUnknown === 'resend') await this.#resolveByResending(run, messages)
    return messages.map(describeMessage)
  }

  async #settle(run: LiveRun, messages: readonly MessageRow[]): Promise<void> {
    const until = await this.settle(run, messages)
    if (until !== undefined) throw new StepParked(until)
  }

  async #resolveByResending(run: LiveRun, messages: readonly MessageRow[]): Promise<void> {
    const unknown = messages.filter(({ state }) => state === 'unknown')
    if (unknown.length === 0) return
    // What a watcher sees of an unknown message is on disk, and so is the plan of its look-ups.
    await this.#on.writer.durably(run, () => this.#on.ledger.flushed())
    const resolved = Promise.all(
      unknown.map((message) =>
        this.#on.unknown.resolveByResending(message, () => !run.isStopped(message.path)),
      ),
    )
    const { promise: stopped, resolve } = Promise.withResolvers<undefined>()
    const stopListening = run.onStop(unknown[0]!.path, () => resolve(undefined))
    await Promise.race([resolved, stopped])
    stopListening()
  }

  async #plan(run: LiveRun, path: string, plan: readonly PlannedMessage[]): Promise<MessageRow[]> {
    const first = run.messages.length
    const rows = new PlannedRows(run, path, this.#on.timers.now(), plan.length)
    const messages = plan.map((planned, index) => {
      const skipped = planned.skipped ?? (this.#isOptedOut(planned) ? 'opted-out' : undefined)
      const service = skipped ? undefined : this.#on.providers.ready(planned.serviceId)
      return rows.row(planned, first + index, skipped, service)
    })
    run.addMessages(path, messages)
    const { ledger, writer } = this.#on
    const steps = run.takeUnrecorded()
    if (messages.length <= SLICE) {
      try {
        await writer.durably(run, () => {
          run.plannedAt = performance.now()
          return ledger.planMessages(messages, steps)
        })
      } catch (error) {
        rows.giveBack()
        throw error
      }
    } else {
      for (let start = 0; start < messages.length; start += SLICE) {
        const slice = messages.slice(start, start + SLICE)
        const part = start === 0 ? steps : { ...steps, steps: [] }
        const whole = start === 0 ? messages.length : undefined
        await writer.durably(run, () => ledger.planMessages(slice, part, whole))
      }
    }
    if (run.listeners.size > 0) for (const message of messages) run.changed(message)
    return messages
  }

  #isOptedOut({ serviceId, phone, essential }: PlannedMessage): boolean {
    return this.#on.optOuts.blocks(serviceId, phone) && !essential
  }
}

/** Who was texted is not texted at another number either. */
function isSamePerson(message: MessageRow, planned: PlannedMessage): boolean {
  return (
    (message.phone !== '' && message.phone === planned.phone) ||
    (message.memberId !== '' && message.memberId === planned.memberId)
  )
}

function optionsOf(timeZone: string | undefined, urgent: boolean | undefined): MessageOptions {
  return { ...(timeZone !== undefined && { timeZone }), ...(urgent && { urgent }) }
}

/** Makes the rows of a plan; people who read the same share one body. */
class PlannedRows {
  readonly #run: LiveRun
  readonly #path: string
  readonly #now: number
  readonly #count: number
  readonly #claimed = new Set<string>()
  readonly #taken: Gate[] = []
  #latest: { planned: PlannedMessage; body: MessageBody } | undefined

  constructor(run: LiveRun, path: string, now: number, count: number) {
    this.#run = run
    this.#path = path
    this.#now = now
    this.#count = count
  }

  /** @param service where the message could leave at once */
  row(
    planned: PlannedMessage,
    number: number,
    skipped: SkipReason | undefined,
    service: OpenService | undefined,
  ): MessageRow {
    const { serviceId, memberId, name, phone, reasons, timeZone, urgent } = planned
    const startsNow = service !== undefined && this.#startsNow(phone, service)
    return {
      runId: this.#run.row.id,
      number,
      path: this.#path,
      serviceId,
      memberId,
      name,
      phone,
      reasons,
      body: this.#bodyOf(planned),
      state: skipped ? 'suppressed' : startsNow ? 'dispatching' : 'planned',
      skipped,
      attempts: startsNow ? 1 : 0,
      wakeAt: undefined,
      providerId: undefined,
      segments: undefined,
      error: planned.error,
      // Asked for by policies alone: where none is switched on, nothing is kept.
      options: startsNow || (timeZone === undefined && !urgent) ? undefined : optionsOf(timeZone, urgent),
      created: this.#now,
      updated: this.#now,
    }
  }

  /** A slot that is free now saves the message a commit of its own: it is born `dispatching`. */
  #startsNow(phone: string, { admission, provider, gate }: OpenService): boolean {
    if (admission || this.#count > SLICE) return false
    if (this.#count > 1) {
      // Several may share a request; and nobody gets two at the same time.
      if (provider.sendBatch || this.#claimed.has(phone)) return false
      this.#claimed.add(phone)
    }
    if (!gate.tryTake()) return false
    this.#taken.push(gate)
    return true
  }

  /** Nothing of this plan will leave. */
  giveBack(): void {
    for (const gate of this.#taken) gate.release()
  }

  #bodyOf(planned: PlannedMessage): MessageBody {
    const latest = this.#latest
    if (latest !== undefined && isSameBody(latest.planned, planned)) return latest.body
    const body = bodyOf(planned)
    if (this.#count > 1) this.#latest = { planned, body }
    return body
  }
}

function isSameBody(one: MessageBody, other: MessageBody): boolean {
  return (
    one.text === other.text &&
    one.templateCode === other.templateCode &&
    one.templateVariables === other.templateVariables &&
    one.contentSid === other.contentSid &&
    one.contentVariables === other.contentVariables &&
    one.shown === other.shown &&
    one.failOver === other.failOver &&
    one.essential === other.essential &&
    one.withheld === other.withheld
  )
}

/** What the message carries: a text, a template that is kept at a provider with its values, or one for each provider. */
function bodyOf({
  text,
  templateCode,
  templateVariables = {},
  contentSid,
  contentVariables = {},
  shown,
  failOver,
  essential,
  withheld,
}: PlannedMessage): MessageBody {
  return {
    ...(text !== undefined && { text }),
    ...(templateCode !== undefined && { templateCode, templateVariables }),
    ...(contentSid !== undefined && { contentSid, contentVariables }),
    ...(shown !== undefined && { shown }),
    ...(failOver && { failOver }),
    ...(essential && { essential }),
    ...(withheld !== undefined && { withheld }),
  }
}
