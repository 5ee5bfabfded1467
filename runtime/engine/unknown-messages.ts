import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { HeldResend, UnknownMessage } from '../../nodes/api/unknown-messages.ts'
import { messageId } from './describe-run.ts'
import { describeUnknown } from './describe-unknown.ts'
import type { ListedUnknown } from '../ledger/deliveries.ts'
import type { Ledger, MessageRow } from '../ledger/ledger.ts'
import type { ProviderPool } from './provider-pool.ts'
import { isStoreAway } from './durable-writer.ts'
import type { DurableWriter } from './durable-writer.ts'
import { Reconciler } from './reconciler.ts'
import { SendAgain, refusedResend } from './send-again.ts'
import type { OptOutList } from './opt-out-list.ts'

/** Attempts per message over everything, the first included. */
const MAX_ATTEMPTS = 5
/** A message older than this is not sent again by itself. */
const TIME_TO_LIVE_MS = 24 * 60 * 60 * 1_000
/** Whoever waits for a proof looks this often whether it is complete, or needed no more. */
const LOOK_AGAIN_MS = 30_000
/** Wait while the store takes no claim. */
const STORE_AWAY_MS = 1_000

export interface UnknownMessagesDependencies {
  ledger: Ledger
  providers: ProviderPool
  optOuts: OptOutList
  clock: () => number
  /** The clock of the plans of look-ups: see `runtime/steady-clock.ts`. */
  steady: () => number
  changed: (message: MessageRow) => void
  unforeseen: (error: unknown) => void
  /** Answers once the clock has reached this time, or early. */
  sleepUntil: (time: number) => Promise<void>
  /** Answers after this time, wherever the clock is put. */
  sleep: (milliseconds: number) => Promise<void>
  writer: DurableWriter
}

/** What can be done about a message that nobody knows the outcome of. */
export type Resolution = 'accepted' | 'not-sent' | 'resend'

/** Messages whose outcome nobody knows: they are looked up, and sent again only where somebody decided so. */
export class UnknownMessages {
  readonly #options: UnknownMessagesDependencies
  readonly #reconciler: Reconciler
  readonly #again: SendAgain
  /** Ids of those whose step waits to send them again by itself. */
  readonly #resending = new Set<string>()

  constructor(options: UnknownMessagesDependencies) {
    this.#options = options
    const { ledger, clock, steady, unforeseen, providers, optOuts, writer } = options
    const provider = async (serviceId: string) => (await providers.open(serviceId)).provider
    const changed = (message: MessageRow) => {
      if (message.state !== 'unknown') this.#reconciler.settled(message)
      options.changed(message)
    }
    const { deliveries } = ledger
    this.#reconciler = new Reconciler({ deliveries, provider, clock, steady, changed, unforeseen })
    this.#again = new SendAgain({ ledger, writer, providers, optOuts, clock, steady, changed })
  }

  /** Begins to ask for what is unknown, also from before a restart; and again after each message that became it. */
  noted(): void {
    this.#reconciler.schedule().catch(this.#options.unforeseen)
  }

  /** Tells what waits for it that a message is known now. */
  settled(message: Pick<MessageRow, 'runId' | 'number'>): void {
    this.#reconciler.settled(message)
  }

  async list(filter: Parameters<Ledger['deliveries']['unknowns']>[0]): Promise<UnknownMessage[]> {
    const listed = await this.#options.ledger.deliveries.unknowns(filter)
    return listed.map((each) => this.#describe(each))
  }

  /** @throws FlowError `NOT_FOUND`; `CONFLICT` where it is not unknown any more */
  async get(runId: string, number: number): Promise<UnknownMessage> {
    const { ledger } = this.#options
    const [message, unknown, run] = await Promise.all([
      ledger.deliveries.message(runId, number),
      ledger.deliveries.unknown(runId, number),
      ledger.runRow(runId),
    ])
    if (!message || !run) throw new FlowError(ErrorCode.NotFound, 'There is no such message')
    if (!unknown) throw notUnknown()
    return this.#describe({ unknown, message, functionName: run.functionName })
  }

  /**
   * The policy "may send twice": waits for what the provider says, and sends once more where the message is proved to
   * be absent, or where the provider offers no question. Answers when nothing more will be tried.
   * @param message a live one: it changes with what is found out
   * @param isWanted false once the run is cancelled: then no attempt starts any more
   */
  async resolveByResending(message: MessageRow, isWanted: () => boolean): Promise<void> {
    const id = messageId(message)
    this.#resending.add(id)
    try {
      await this.#resolveByResending(message, isWanted)
    } finally {
      this.#resending.delete(id)
    }
  }

  async #resolveByResending(message: MessageRow, isWanted: () => boolean): Promise<void> {
    while (message.state === 'unknown') {
      const verdict = await this.#reconciler.verdict(message)
      if (message.state !== 'unknown' || !isWanted() || !this.#mayResend(message)) return
      if (verdict !== 'absent' && verdict !== 'cannot-be-asked') return
      if (await this.#rests(message)) continue
      const { attempts } = message
      try {
        const how = { isAbsent: verdict === 'absent', isWanted, mayExpire: true }
        const again = await this.#again.send({ ...message }, how)
        if (again.state === 'later') {
          await this.#hold(message, 'quiet-hours', again.until)
          continue
        }
        if (again.state === 'refused') return await this.#hold(message, again.reason)
      } catch (error) {
        if (!(error instanceof FlowError)) throw error
        if (!isStoreAway(error)) return
        await this.#options.sleep(STORE_AWAY_MS)
        continue
      }
      if (verdict === 'cannot-be-asked' || message.attempts === attempts) return
    }
  }

  /**
   * What a person has found out about an unknown message, or decided.
   * @throws FlowError `NOT_FOUND`; `CONFLICT` where it is not unknown any more, or may not be sent again
   */
  async resolve(runId: string, number: number, as: Resolution, note: string): Promise<MessageRow> {
    const { deliveries } = this.#options.ledger
    const message = await deliveries.message(runId, number)
    if (!message) throw new FlowError(ErrorCode.NotFound, 'There is no such message')
    if (message.state !== 'unknown') throw notUnknown()
    const row = await deliveries.unknown(runId, number)
    const proof = as === 'resend' ? 'none' : as
    const said = { source: 'person', status: as, proof, facts: { note } } as const
    const keep = () => deliveries.keepReceipt({ runId, number, at: this.#options.clock(), ...said })
    if (as !== 'resend') {
      const changed = await keep()
      if (!changed) throw notUnknown()
      this.#reconciler.settled(changed)
      this.#options.changed(changed)
      return changed
    }
    // The decision shares the commit of the claim that follows from it.
    const begins = () => void keep().catch(() => undefined)
    const again = await this.#again.send(message, { isAbsent: row?.phase === 'absent', begins })
    switch (again.state) {
      case 'attempted':
        return again.message
      case 'known':
        throw notUnknown()
      case 'refused':
        throw refusedResend(again.reason)
      case 'later':
        throw refusedResend('quiet-hours')
    }
  }

  async stop(): Promise<void> {
    await this.#reconciler.stop()
  }

  /** Further attempts that are not recorded yet. */
  get held(): number {
    return this.#again.held
  }

  #describe(listed: ListedUnknown): UnknownMessage {
    const { clock, steady } = this.#options
    const sendsAgain = this.#resending.has(messageId(listed.message))
    return describeUnknown(listed, sendsAgain, (time) => time - steady() + clock())
  }

  /**
   * Waits a while where the message may not leave yet: its proof is not complete, or these are quiet hours.
   * @returns false where it may leave
   */
  async #rests({ runId, number }: MessageRow): Promise<boolean> {
    const { ledger, clock, steady, sleep, sleepUntil } = this.#options
    const { due = 0, held } = (await ledger.deliveries.unknown(runId, number)) ?? {}
    const restMs = due - (held === undefined ? steady() : clock())
    if (restMs <= 0) return false
    await this.#reconciler.watchClock()
    await (held === undefined ? sleep(Math.min(restMs, LOOK_AGAIN_MS)) : sleepUntil(due))
    return true
  }

  /** Keeps why it was not sent again, for whoever looks at it; where it only waits, until when. */
  async #hold({ runId, number }: MessageRow, held: HeldResend, until?: number): Promise<void> {
    const { deliveries } = this.#options.ledger
    const row = await deliveries.unknown(runId, number)
    if (row) await deliveries.planLookUp({ ...row, held, due: until ?? 0 })
  }

  #mayResend(message: MessageRow): boolean {
    const age = this.#options.clock() - message.created
    return message.attempts < MAX_ATTEMPTS && age <= TIME_TO_LIVE_MS
  }
}

function notUnknown(): FlowError {
  return new FlowError(ErrorCode.Conflict, 'It is known by now what became of this message', {
    hint: 'Load the list again.',
  })
}
