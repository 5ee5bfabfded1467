import type { MessageDetail } from '../../nodes/api/messages.ts'
import { messageIdPattern } from '../../nodes/api/messages.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import { presentForm } from '../engine/outgoing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { describeEntry } from './describe-entry.ts'
import { messageHistory } from './message-history.ts'
import { nameReasons } from '../x-ray/name-reasons.ts'
import type { MessageKey } from './message-walk.ts'

/** `<run>-<number>`, as `messageId` makes it. @returns undefined where it is none */
export function readMessageId(id: string): MessageKey | undefined {
  if (!messageIdPattern.test(id)) return undefined
  const at = id.lastIndexOf('-')
  return { runId: id.slice(0, at), number: Number(id.slice(at + 1)) }
}

/** The whole life of one message. @returns undefined where there is none */
export async function messageDetail(
  ledger: Ledger,
  directory: Directory,
  id: string,
): Promise<MessageDetail | undefined> {
  const key = readMessageId(id)
  const message = key && (await ledger.deliveries.message(key.runId, key.number))
  if (!message) return undefined
  const { runId, number, path, reasons } = message
  const { shown, ...form } = presentForm(message)
  const [run, attempts, receipts, [person]] = await Promise.all([
    ledger.runRow(runId),
    ledger.attempts(runId, number),
    ledger.deliveries.receipts(runId, number),
    nameReasons([{ reasons }], directory),
  ])
  const nodeId = path.split('/')[0]!
  return {
    ...describeEntry(message, run!.functionName),
    nodeId,
    nodeTitle: titleOf(await ledger.graph(run!.version), nodeId),
    reasons: person!.reasons,
    text: form.text ?? shown,
    templateCode: form.templateCode,
    templateVariables: form.templateVariables,
    contentSid: form.contentSid,
    contentVariables: form.contentVariables,
    history: messageHistory(message, attempts, receipts),
  }
}

/** The graph is one that ran, so it was checked when it was kept. */
function titleOf(graph: string | undefined, nodeId: string): string | null {
  const { nodes = [] } = JSON.parse(graph ?? '{}') as { nodes?: { id: string; title?: string }[] }
  return nodes.find(({ id }) => id === nodeId)?.title ?? null
}
