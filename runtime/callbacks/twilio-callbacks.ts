import { z } from 'zod'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { fieldProblems } from '../../nodes/field-problems.ts'
import { readAnswer } from '../../nodes/services/sms/keywords.ts'
import { twilioDelivery } from '../../nodes/services/sms/twilio-status.ts'
import type { ReceiptRow } from '../ledger/deliveries.ts'
import type { MessageRow } from '../ledger/ledger.ts'
import type { PhoneAnswer } from '../ledger/opt-outs.ts'
import { readMessageId } from './message-token.ts'
import type { ProviderAccount } from './provider-accounts.ts'
import { isSignedByTwilio, readForm } from './twilio-signature.ts'
import type { FormFields } from './twilio-signature.ts'

/** A request of Twilio as it came. */
export interface TwilioCallback {
  /** Path and query. */
  path: string
  /** Form body. */
  body: string
  signature: string | undefined
}

const messageSid = z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/)
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/)

/** @see Twilio "Track outbound message status", read 2026-08 */
const status = z.object({
  MessageSid: messageSid,
  MessageStatus: z.string().regex(/^[a-z_]{1,30}$/),
  ErrorCode: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional(),
  /** When the carrier was done, `yyMMddHHmm` of a zone it does not name. */
  RawDlrDoneDate: z
    .string()
    .regex(/^\d{10}$/)
    .optional(),
})

/** @see Twilio "Messaging webhooks", read 2026-08 */
const inbound = z.object({
  MessageSid: messageSid,
  From: phone,
  To: z.string().min(1).max(40),
  Body: z.string().max(10_000).default(''),
  MessagingServiceSid: z.string().max(40).optional(),
  /** Only with Advanced Opt-Out, where the account has its own keywords. */
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
})

export interface TwilioCallbackDependencies {
  accounts: (accountSid: string) => ProviderAccount[]
  /** Addresses under which the request may have been made. */
  bases: () => string[]
  message: (runId: string, number: number) => Promise<MessageRow | undefined>
  now: () => number
}

/** Reads what Twilio reports. Nothing is believed that is not signed with the auth token of the account it names. */
export class TwilioCallbacks {
  readonly #options: TwilioCallbackDependencies

  constructor(options: TwilioCallbackDependencies) {
    this.#options = options
  }

  /** @throws FlowError `FORBIDDEN`, `NOT_FOUND`; FieldsError `BODY_INVALID` */
  async status(callback: TwilioCallback): Promise<ReceiptRow> {
    const { fields, accounts } = await this.#verified(callback)
    const { MessageSid, MessageStatus, ErrorCode: code, RawDlrDoneDate } = parse(status, fields)
    const token = new URLSearchParams(callback.path.split('?')[1]).get('token') ?? ''
    const id = readMessageId(token)
    const message = id && (await this.#options.message(id.runId, id.number))
    if (!message || !accounts.some(({ serviceId }) => serviceId === message.serviceId)) {
      throw new FlowError(ErrorCode.NotFound, 'This server has sent no such message')
    }
    return {
      ...{ runId: message.runId, number: message.number, at: this.#options.now() },
      source: 'report',
      status: MessageStatus,
      proof: 'accepted',
      delivery: twilioDelivery(MessageStatus),
      code,
      providerId: MessageSid,
      facts: RawDlrDoneDate ? { carrierDone: RawDlrDoneDate } : {},
    }
  }

  /** @throws FlowError `FORBIDDEN`; FieldsError `BODY_INVALID` */
  async answer(callback: TwilioCallback): Promise<PhoneAnswer> {
    const { fields, accounts } = await this.#verified(callback)
    const { MessageSid, From, To, Body, MessagingServiceSid, OptOutType } = parse(inbound, fields)
    const read = OptOutType ? ownKeyword(OptOutType) : readAnswer(Body)
    const to = accounts
      .filter(({ sender }) => sender === To || sender === MessagingServiceSid)
      .map(({ serviceId, sender }) => ({ serviceId, sender }))
    return { id: `twilio ${MessageSid}`, at: this.#options.now(), phone: From, ...read, to }
  }

  async #verified({ path, body, signature }: TwilioCallback): Promise<{
    fields: FormFields
    accounts: ProviderAccount[]
  }> {
    const fields = readForm(body)
    const accountSid = fields['AccountSid']
    const accounts = typeof accountSid === 'string' ? this.#options.accounts(accountSid) : []
    const urls = this.#options.bases().map((base) => base + path)
    const signed: ProviderAccount[] = []
    for (const account of signature === undefined ? [] : accounts) {
      const { service } = account
      if (service.provider !== 'twilio') continue
      if (await isSignedByTwilio(service.settings.authToken, signature!, urls, fields)) signed.push(account)
    }
    if (signed.length > 0) return { fields, accounts: signed }
    throw new FlowError(ErrorCode.Forbidden, 'The signature of this request does not fit', {
      hint: 'Check the public URL in Settings and the auth token of the SMS service.',
    })
  }
}

function ownKeyword(type: 'STOP' | 'START' | 'HELP'): Pick<PhoneAnswer, 'meaning' | 'word'> {
  return { meaning: type === 'HELP' ? 'other' : type === 'STOP' ? 'stop' : 'start', word: type }
}

function parse<Schema extends z.ZodType>(schema: Schema, fields: unknown): z.output<Schema> {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return parsed.data
  throw new FieldsError(
    ErrorCode.BodyInvalid,
    'The request is signed but does not read like one of Twilio',
    fieldProblems(parsed.error, fields as object),
  )
}
