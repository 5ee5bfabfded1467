import type { z } from 'zod'
import type { alibabaAnswers, alibabaReports } from '../../nodes/api/callbacks.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import type { LookUp, SmsProvider } from '../../nodes/services/sms/provider.ts'
import type { OpenedSmsService, SmsServiceStore } from '../elements/sms-services.ts'
import type { Engine } from '../engine/engine.ts'
import { outgoing } from '../engine/outgoing.ts'
import type { Ledger, MessageRow } from '../ledger/ledger.ts'
import { AlibabaCallbacks } from './alibaba-callbacks.ts'
import type { CallbackAddresses } from './callback-addresses.ts'
import { ProviderAccounts } from './provider-accounts.ts'
import type { ProviderAccount } from './provider-accounts.ts'
import { TwilioCallbacks } from './twilio-callbacks.ts'
import type { TwilioCallback } from './twilio-callbacks.ts'

export interface CallbackDependencies {
  addresses: CallbackAddresses
  services: SmsServiceStore
  ledger: Ledger
  engine: Engine
  provider: (serviceId: string) => Promise<SmsProvider>
  clock: () => number
}

/** What providers say by themselves: what became of texts, and what people answered. */
export class Callbacks {
  readonly addresses: CallbackAddresses
  readonly #engine: Engine
  readonly #accounts: ProviderAccounts
  readonly #twilio: TwilioCallbacks
  readonly #alibaba: AlibabaCallbacks

  constructor({ addresses, services, ledger, engine, provider, clock }: CallbackDependencies) {
    this.addresses = addresses
    this.#engine = engine
    const accounts = new ProviderAccounts(services)
    this.#accounts = accounts
    const message = (runId: string, number: number) => ledger.deliveries.message(runId, number)
    this.#twilio = new TwilioCallbacks({
      accounts: (accountSid) => accounts.twilio(accountSid),
      bases: () => addresses.bases(),
      message,
      now: clock,
    })
    this.#alibaba = new AlibabaCallbacks({
      serviceOf: (secret) => addresses.serviceOf(secret),
      accounts: (serviceId) => accounts.alibaba(serviceId),
      message,
      messageTo: (runId, from, phone) => ledger.deliveries.messageTo(runId, from, phone),
      lookUp: (row, id, since) => lookUp(row, id, since, provider, clock),
      now: clock,
    })
  }

  /** Where the sandbox brings reports and answers for an account of one of its services. */
  sandboxCallbacks(provider: SmsProviderName, account: string) {
    const isMeant = ({ service }: ProviderAccount) =>
      service.provider === provider && accountOf(service) === account
    const found = this.#accounts.all().find(isMeant)
    const addresses = found ? this.addresses.of(found.serviceId) : []
    const urlOf = (...kinds: string[]) => addresses.find(({ kind }) => kinds.includes(kind))?.url
    return { report: urlOf('report'), inbound: urlOf('inbound', 'up') }
  }

  async twilioStatus(callback: TwilioCallback): Promise<void> {
    await this.#engine.keepReceipt(await this.#twilio.status(callback))
  }

  async twilioInbound(callback: TwilioCallback): Promise<void> {
    await this.#engine.optOuts.takeAnswer(await this.#twilio.answer(callback))
  }

  /** @throws FlowError `OVERLOADED` where a failure cannot be confirmed yet: Alibaba then reports once more */
  async alibabaReports(secret: string, reports: z.output<typeof alibabaReports>): Promise<void> {
    const { receipts, again } = await this.#alibaba.reports(secret, reports)
    await Promise.all(receipts.map((receipt) => this.#engine.keepReceipt(receipt)))
    if (!again) return
    throw new FlowError(ErrorCode.Overloaded, 'A failure could not be confirmed yet', {
      hint: 'Report it again in a minute.',
    })
  }

  async alibabaAnswers(secret: string, answers: z.output<typeof alibabaAnswers>): Promise<void> {
    for (const answer of this.#alibaba.answers(secret, answers)) await this.#engine.optOuts.takeAnswer(answer)
  }
}

function accountOf(service: OpenedSmsService): string {
  return service.provider === 'twilio' ? service.settings.accountSid : service.settings.accessKey
}

async function lookUp(
  message: MessageRow,
  id: string,
  since: Date,
  provider: CallbackDependencies['provider'],
  clock: () => number,
): Promise<LookUp | undefined> {
  try {
    const client = await provider(message.serviceId)
    const sent = outgoing(message, message.attempts, id)
    return await client.lookUp?.(sent, since, new Date(clock()))
  } catch (error) {
    if (error instanceof FlowError) return undefined
    throw error
  }
}
