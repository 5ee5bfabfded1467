import { isSettled } from '../../nodes/messages.ts'
import type { DeliveryState, MessageState } from '../../nodes/messages.ts'
import type { MessageSearch } from './message-search.ts'

/**
 * A way through the messages, newest first, along which all that are looked for are found. It is SQL: `m` is the
 * message, and the slice from `($lastRun, $last)` up to `($beforeRun, $before)` is walked.
 */
export interface MessagePath {
  from: string
  where: string
  /** The run's id in the index that is walked. */
  run: string
}

/** The words of a partial index: SQLite uses it only where they stand in the statement too. */
const EXCEPTION = `
  m.state <> 'accepted' AND m.state <> 'dispatching' AND m.state <> 'planned' AND m.state <> 'retry-wait'`
const NOT_DELIVERED = "(m.delivery = 'undelivered' OR m.delivery = 'failed')"
const isException = (state: MessageState) => isSettled(state) && state !== 'accepted'
const isOpen = (state: MessageState) => !isSettled(state)
const isNotDelivered = (delivery: DeliveryState) => delivery === 'undelivered' || delivery === 'failed'

/** Chooses the shortest way: the few exceptions, the runs under way, one function's runs, or everything. */
export function choosePath({ states, delivery, functionName }: MessageSearch): MessagePath {
  if (delivery?.every(isNotDelivered)) {
    return { from: 'message m INDEXED BY message_not_delivered', where: NOT_DELIVERED, run: 'm.run_id' }
  }
  if (states?.every(isException)) {
    return { from: 'message m INDEXED BY message_exception', where: EXCEPTION, run: 'm.run_id' }
  }
  if (states?.every(isOpen)) {
    // A message that is sent again is on its way although its run has ended.
    const open = `
      SELECT id FROM run WHERE finished IS NULL
      UNION SELECT run_id FROM reconciliation WHERE phase = 'resending'`
    return {
      from: `(${open}) o CROSS JOIN message m ON m.run_id = o.id`,
      where: inSlice('o.id'),
      run: 'o.id',
    }
  }
  if (functionName !== undefined) {
    return {
      from: 'run f INDEXED BY run_by_function CROSS JOIN message m ON m.run_id = f.id',
      where: `f.function_name = $function AND ${inSlice('f.id')}`,
      run: 'f.id',
    }
  }
  return { from: 'message m', where: 'TRUE', run: 'm.run_id' }
}

const inSlice = (run: string) => `${run} <= $beforeRun AND ${run} >= $lastRun`
