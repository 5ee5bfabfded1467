import { isDeliveryEnd } from '../../nodes/delivery.ts'
import type { AwaitDeliveries } from '../../nodes/execution.ts'
import { smsNotification } from '../../nodes/sms-notification/definition.ts'
import type { DeliveryCounts } from '../../nodes/wait-for-delivery/definition.ts'
import type { Ledger, MessageRow, StepRecord } from '../ledger/ledger.ts'
import type { DurableWriter } from './durable-writer.ts'
import { StepParked } from './branches.ts'
import { bodyOf } from './recorded-steps.ts'
import type { LiveRun } from './live-run.ts'
import type { Timers } from './timers.ts'

/** A run that has waited this long without an end leaves the memory; the next receipt brings it back. */
const PARK_AFTER_MS = 60_000

/** How often the messages that a run takes over are looked at while their receipts are waited for. */
const CARRIED_MS = 1_000

/** Receipts that come close together are counted together. */
const GATHER_MS = 20

/** Waits for the receipts of an SMS step's messages. Its deadline is set once, in the ledger: a restart goes on waiting. */
export class DeliveryWaits {
  readonly #ledger: Ledger
  readonly #writer: DurableWriter
  readonly #timers: Timers

  constructor({ ledger, writer, timers }: { ledger: Ledger; writer: DurableWriter; timers: Timers }) {
    this.#ledger = ledger
    this.#writer = writer
    this.#timers = timers
  }

  /** Answers when every message has ended on its way to the phone, or time is up. @throws StepParked */
  async wait(
    run: LiveRun,
    step: StepRecord,
    { step: node, milliseconds }: AwaitDeliveries,
  ): Promise<DeliveryCounts> {
    const sent = sentBefore(run, step.path, node)
    const own = sent.flatMap(({ path }) => run.messagesOf(path))
    const isCarried = sent.some(({ carried }) => carried)
    const steps = run.takeUnrecorded()
    const end = this.#timers.now() + milliseconds
    const due = await this.#writer.durably(run, () => this.#ledger.setTimer(step.path, end, steps))
    const parkAt = this.#timers.now() + PARK_AFTER_MS
    const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>()
    const stopListening = run.onStop(step.path, () => stop(undefined))
    run.receiptWaits.add(step.path)
    for (;;) {
      const messages = isCarried ? [...own, ...(await this.#carried(sent))] : own
      const counts = countDeliveries(messages)
      const now = this.#timers.now()
      if (counts.waiting === 0 || now >= due || run.isStopped(step.path)) {
        stopListening()
        run.receiptWaits.delete(step.path)
        return counts
      }
      if (now >= parkAt) {
        stopListening()
        throw new StepParked(due)
      }
      const lookAgainAt = isCarried ? now + CARRIED_MS : Infinity
      await Promise.race([this.#news(run, Math.min(due, parkAt, lookAgainAt)), stopped])
      await this.#timers.sleep(GATHER_MS)
    }
  }

  /** Messages that the run takes over, as they are now: what is learnt of them goes to their own run. */
  async #carried(sent: readonly StepRecord[]): Promise<MessageRow[]> {
    const rows: MessageRow[] = []
    for (const { path, carried = [] } of sent) {
      const runs = new Set(carried.map(({ id }) => id.slice(0, id.lastIndexOf('-'))))
      for (const runId of runs) rows.push(...(await this.#ledger.messagesAt(runId, path)))
    }
    return rows
  }

  /** Answers with the next thing learnt of a message, at the latest at a moment. */
  #news(run: LiveRun, at: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop()
        run.messageListeners.delete(done)
        resolve()
      }
      const stop = this.#timers.at(at, done)
      run.messageListeners.add(done)
    })
  }
}

/** The last SMS step on the way to a step; in all rounds where it stood in a loop that is over. */
function sentBefore(run: LiveRun, path: string, node: string | undefined): StepRecord[] {
  const sent = run.steps.filter((each) => each.type === smsNotification.type && (!node || each.node === node))
  const last = sent.findLast((each) => path.startsWith(bodyOf(each.path)))
  if (last) return [last]
  const lastNode = sent.at(-1)?.node
  return sent.filter((each) => each.node === lastNode)
}

/** Counts those that were handed to the provider, or may have been. */
export function countDeliveries(messages: readonly MessageRow[]): DeliveryCounts {
  const counts: DeliveryCounts = { delivered: 0, undelivered: 0, waiting: 0 }
  for (const { state, delivery } of messages) {
    if (state !== 'accepted' && state !== 'unknown') continue
    if (!isDeliveryEnd(delivery)) counts.waiting++
    else if (delivery === 'delivered') counts.delivered++
    else counts.undelivered++
  }
  return counts
}
