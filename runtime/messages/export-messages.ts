import { translate } from '../../nodes/locales/index.ts'
import type { Locale } from '../../nodes/locales/index.ts'
import { maskPhone } from '../../nodes/messages.ts'
import { explainProviderCode } from '../../nodes/services/sms/explanations/index.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { csvLine } from '../csv.ts'
import { messageId } from '../engine/describe-run.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import type { FoundMessages } from './message-reader.ts'
import type { MessageKey } from './message-walk.ts'

export interface ExportWishes {
  language: Locale
  /** Whole phone numbers; otherwise they are masked. */
  isWhole: boolean
  /** By id; one that was deleted has none. */
  services: Record<string, { name: string; provider: SmsProviderName } | undefined>
}

/** Some lines of the file, and where to go on. */
export interface ExportPart {
  lines: string
  count: number
  next: MessageKey | null
}

const columns = [
  'created',
  'changed',
  'person',
  'memberId',
  'phone',
  'function',
  'service',
  'state',
  'delivery',
  'reason',
  'providerCode',
  'attempts',
  'segments',
  'providerId',
  'run',
  'message',
] as const

export function exportHeader(language: Locale): string {
  return csvLine(columns.map((column) => translate(language, `messageExport.columns.${column}`)))
}

/** The last line of a file that does not hold all that was asked for. */
export function exportCut(language: Locale, count: number): string {
  return csvLine([translate(language, 'messageExport.cut', { count })])
}

export function exportPart({ rows, next }: FoundMessages, wishes: ExportWishes): ExportPart {
  const lines = rows.map((row) => {
    const cells = cellsOf(row, row.functionName, wishes)
    return csvLine(columns.map((column) => cells[column]))
  })
  return { lines: lines.join(''), count: rows.length, next }
}

function cellsOf(
  message: MessageRow,
  functionName: string,
  { language, isWhole, services }: ExportWishes,
): Record<(typeof columns)[number], string | number | undefined> {
  const service = services[message.serviceId]
  return {
    created: new Date(message.created).toISOString(),
    changed: new Date(message.updated).toISOString(),
    person: message.name,
    memberId: message.memberId,
    phone: isWhole ? message.phone : maskPhone(message.phone),
    function: functionName,
    service: service?.name ?? message.serviceId,
    state: translate(language, `messageStates.${message.state}`),
    delivery: message.delivery && translate(language, `deliveryStates.${message.delivery}`),
    reason: reasonOf(message, service?.provider, language),
    providerCode: message.deliveryCode ?? message.error?.providerCode,
    attempts: message.attempts,
    segments: message.segments,
    providerId: message.providerId,
    run: message.runId,
    message: messageId(message),
  }
}

/** Why it was not sent or did not arrive, in words; empty where there is nothing to say. */
function reasonOf(
  { skipped, error, deliveryCode }: MessageRow,
  servicesProvider: SmsProviderName | undefined,
  language: Locale,
): string | undefined {
  if (skipped) return translate(language, `skipped.${skipped}`)
  const provider = error?.provider ?? servicesProvider
  const code = deliveryCode ?? error?.providerCode
  if (provider && code) {
    const explained = explainProviderCode(provider, code, language)
    if (explained) return explained.cause
  }
  return error && translate(language, `errors.${error.code}.title`)
}
