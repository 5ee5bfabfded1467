import { encodeTime } from 'ulid'
import type { DeliveryState, MessageState } from '../../../nodes/messages.ts'
import { isSettled } from '../../../nodes/messages.ts'
import type { MessageRow } from '../../../runtime/ledger/ledger.ts'
import { SqliteLedger } from '../../../runtime/ledger/sqlite.ts'
import type { Database } from '../../../runtime/store/database.ts'

export const BEGIN = Date.parse('2026-03-01T00:00:00Z')

export interface TestMessage {
  state: MessageState
  delivery?: DeliveryState | undefined
  service?: string
  member?: string
  name?: string
  phone?: string
}

/** The run id of the run that began so many seconds after `BEGIN`. */
export const runAt = (second: number) => encodeTime(BEGIN + second * 1_000, 10) + '0'.repeat(16)

/** Writes one run with its messages, as the engine leaves them; runs with open messages stay open. */
export async function addRun(
  database: Database,
  second: number,
  functionName: string,
  messages: readonly TestMessage[],
): Promise<void> {
  const ledger = new SqliteLedger(database)
  const created = BEGIN + second * 1_000
  const id = runAt(second)
  const rows = messages.map((message, number): MessageRow => ({
    runId: id,
    number,
    path: 'sms',
    serviceId: message.service ?? 'service',
    memberId: message.member ?? 'ada',
    name: message.name ?? 'Ada',
    phone: message.phone ?? '+12025550101',
    reasons: [],
    body: { text: 'Hello' },
    state: message.state,
    skipped: message.state === 'suppressed' ? 'no-phone' : undefined,
    attempts: 1,
    wakeAt: undefined,
    providerId: undefined,
    segments: undefined,
    error: undefined,
    created,
    updated: created,
  }))
  await ledger.acceptRun({ id, functionName, version: 'v1', trigger: 'http', input: {}, created })
  await ledger.planMessages(rows, { runId: id, number: 0, steps: [] })
  const setDelivery = database.prepare('UPDATE message SET delivery = ? WHERE run_id = ? AND number = ?')
  for (const [number, { delivery }] of messages.entries()) {
    if (delivery) setDelivery.run(delivery, id, number)
  }
  if (messages.every(({ state }) => isSettled(state))) {
    await ledger.finishRun(id, {
      status: 'done',
      output: null,
      error: null,
      finished: created + 100,
      steps: [],
    })
  }
}
