import type { MessageEntry, MessagePage } from '../../nodes/api/messages.ts'
import { describeMessage, messageId } from '../engine/describe-run.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import type { FoundMessages } from './message-reader.ts'
import { runTime } from './message-reader.ts'

/** A message as lists show it: what its run shows of it, and where it comes from. The number is masked. */
export function describeEntry(message: MessageRow, functionName: string): MessageEntry {
  return {
    ...describeMessage(message),
    runId: message.runId,
    functionName,
    serviceId: message.serviceId,
    created: new Date(message.created).toISOString(),
  }
}

export function describePage({ rows, next, isCut }: FoundMessages): MessagePage {
  return {
    messages: rows.map((row) => describeEntry(row, row.functionName)),
    next: next && messageId(next),
    searchedTo: next && isCut ? runTime(next) : null,
  }
}
