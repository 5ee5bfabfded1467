import { hash } from 'node:crypto'
import type { z } from 'zod'
import type { alibabaAnswers, alibabaReports } from '../../nodes/api/callbacks.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { JsonObject } from '../../nodes/json.ts'
import { readAnswer } from '../../nodes/services/sms/keywords.ts'
import type { LookUp } from '../../nodes/services/sms/provider.ts'
import { fromAlibabaNumber } from '../providers/sms/alibaba-number.ts'
import type { ReceiptRow } from '../ledger/deliveries.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import type { PhoneAnswer } from '../ledger/opt-outs.ts'
import { readMessageId } from './message-token.ts'
import type { ProviderAccount } from './provider-accounts.ts'

type Report = z.output<typeof alibabaReports>[number]
type Answer = z.output<typeof alibabaAnswers>[number]

/** Failures that are confirmed at the same time. */
const AT_ONCE = 8

export interface AlibabaCallbackDependencies {
  /** The service of a secret path. */
  serviceOf: (secret: string) => string | undefined
  /** The services that share its account. */
  accounts: (serviceId: string) => ProviderAccount[]
  message: (runId: string, number: number) => Promise<MessageRow | undefined>
  messageTo: (runId: string, from: number, phone: string) => Promise<MessageRow | undefined>
  /** Asks Alibaba itself for the text of a request; undefined where the service cannot be opened. */
  lookUp: (message: MessageRow, requestId: string, since: Date) => Promise<LookUp | undefined>
  now: () => number
}

/**
 * Reads what Alibaba reports. Its requests are not signed: who knows the secret path may say that a text arrived, but
 * a failure is believed only once Alibaba's own query says the same.
 */
export class AlibabaCallbacks {
  readonly #options: AlibabaCallbackDependencies

  constructor(options: AlibabaCallbackDependencies) {
    this.#options = options
  }

  /**
   * @returns receipts of the messages that are known here, and whether a report must come once more since it could
   * not be confirmed yet
   * @throws FlowError `NOT_FOUND`
   */
  async reports(
    secret: string,
    reports: readonly Report[],
  ): Promise<{ receipts: ReceiptRow[]; again: boolean }> {
    const accounts = this.#accounts(secret)
    const waiting = [...reports]
    const receipts: ReceiptRow[] = []
    let again = false
    const read = async () => {
      for (let report = waiting.shift(); report; report = waiting.shift()) {
        const message = await this.#messageOf(report, accounts)
        if (!message) continue
        const receipt = await this.#receipt(report, message)
        if (receipt) receipts.push(receipt)
        else again = true
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, read))
    return { receipts, again }
  }

  /** @throws FlowError `NOT_FOUND` */
  answers(secret: string, answers: readonly Answer[]): PhoneAnswer[] {
    const accounts = this.#accounts(secret)
    return answers.flatMap((answer): PhoneAnswer[] => {
      const { phone_number, content, sign_name, sequence_id, send_time } = answer
      const phone = fromAlibabaNumber(phone_number)
      if (phone === undefined) return []
      const to = accounts
        .filter(({ sender }) => !sign_name || sender === sign_name)
        .map(({ serviceId, sender }) => ({ serviceId, sender }))
      const own = sequence_id ?? hash('sha256', `${phone} ${send_time ?? ''} ${content}`, 'base64url')
      return [{ id: `alibaba ${own}`, at: this.#moment(send_time), phone, ...readAnswer(content), to }]
    })
  }

  #accounts(secret: string): ProviderAccount[] {
    const serviceId = this.#options.serviceOf(secret)
    const accounts = serviceId === undefined ? [] : this.#options.accounts(serviceId)
    if (accounts.length > 0) return accounts
    throw new FlowError(ErrorCode.NotFound, 'There is nothing at this address')
  }

  /** One id at the provider may stand for a whole batch: then the number says whose text it was. */
  async #messageOf(
    { out_id, phone_number }: Report,
    accounts: readonly ProviderAccount[],
  ): Promise<MessageRow | undefined> {
    const id = readMessageId(out_id ?? '')
    const phone = fromAlibabaNumber(phone_number)
    if (!id || phone === undefined) return undefined
    const named = await this.#options.message(id.runId, id.number)
    const message = named?.phone === phone ? named : await this.#options.messageTo(id.runId, id.number, phone)
    return message && accounts.some(({ serviceId }) => serviceId === message.serviceId) ? message : undefined
  }

  async #receipt(report: Report, message: MessageRow): Promise<ReceiptRow | undefined> {
    const { success, err_code, biz_id, report_time, out_id } = report
    const base = {
      ...{ runId: message.runId, number: message.number, at: this.#options.now() },
      source: 'report' as const,
      providerId: biz_id ?? undefined,
      facts: (report_time ? { reported: report_time } : {}) as JsonObject,
    }
    if (success) return { ...base, status: 'delivered', proof: 'accepted', delivery: 'delivered' }
    const sent = new Date(this.#moment(report.send_time))
    const found = await this.#options.lookUp(message, out_id ?? '', sent)
    if (!found || found.state !== 'found') return undefined
    const [detail] = found.matches
    if (detail?.delivery === 'queued') return undefined
    if (detail?.delivery === 'undelivered') {
      const code = err_code ?? detail.code
      return { ...base, status: 'undelivered', proof: 'accepted', delivery: 'undelivered', code }
    }
    // The query says otherwise: what was pushed is kept as what it is, and proves nothing.
    return { ...base, status: 'failure-not-confirmed', proof: 'none', code: err_code ?? undefined }
  }

  /** `yyyy-MM-dd HH:mm:ss` of China; the present where there is none, or it lies ahead. */
  #moment(text: string | null | undefined): number {
    const read = Date.parse(`${(text ?? '').replace(' ', 'T')}+08:00`)
    return Number.isNaN(read) ? this.#options.now() : Math.min(read, this.#options.now())
  }
}
