import type { SandboxFault, SandboxMessage, SandboxReceipts } from '../../nodes/api/sandbox.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'

/** The local SMS network: emulators of the three providers behind one loopback listener, and the phones. */
export interface Sandbox {
  /** Origin where the emulators listen, for example `http://127.0.0.1:8081`. */
  readonly url: string
  /** Texts on the phones, newest first. */
  messages(limit: number): SandboxMessage[]
  clear(): void
  onMessage(listener: (message: SandboxMessage) => void): () => void
  /** Every send request that reached the listener, in order, accepted or not: the truth that tests compare with. */
  requests(): readonly SandboxRequest[]
  /** The next `count` send requests to this provider meet the fault. */
  setFault(provider: SmsProviderName, fault: SandboxFault, count: number): void
  faults(): Record<SmsProviderName, { fault: SandboxFault; remaining: number }>
  /** What becomes of texts to a number from now on, and how their receipts come. */
  setReceipts(plan: SandboxReceipts): void
  receipts(): SandboxReceipts[]
  /** Says where accounts want their reports and answers. Twilio's status reports go where each text says. */
  reportTo(callbacksOf: CallbacksOf): void
  /**
   * Answers the last text on a phone.
   * @throws FlowError `CONFLICT` where there is none, or its sender takes no answers
   */
  answer(phone: string, text: string): Promise<void>
  /** Every request that the emulators made by themselves, in order. */
  pushes(): readonly SandboxPush[]
  close(): Promise<void>
}

/** @param account public id of the account: account SID or access key */
export type CallbacksOf = (
  provider: SmsProviderName,
  account: string,
) => { report?: string | undefined; inbound?: string | undefined } | undefined

export interface SandboxPush {
  at: number
  provider: SmsProviderName
  kind: 'status' | 'report' | 'inbound'
  phone: string
  messageId: string
  status: string
  /** HTTP status of the answer; 0 where none came. */
  answer: number
}

export interface SandboxRequest {
  at: number
  provider: SmsProviderName
  action: string
  /** E.164 where it can be read; several numbers of one Alibaba request are separated by commas. */
  to: string | undefined
  /** Our own id of the message: OutId (Alibaba) or `token` in the query of StatusCallback (Twilio); SNS carries none. */
  token: string | undefined
  /** True once the emulator took the message, whatever the client was told. */
  accepted: boolean
  fault: SandboxFault
  code: string | undefined
}
