import type { DeliveryState } from '../../messages.ts'
import type { SmsProviderName } from './settings.ts'

/** One text to one person, ready for the wire. */
export interface OutgoingSms {
  /** Our id of the message: stable over restarts, at most 64 characters of `[A-Za-z0-9_-]`. */
  id: string
  /** 1 for the first wire request of this message. */
  attempt: number
  /** E.164, for example `+447700900123`. */
  to: string
  /** What the person reads; SNS and Twilio send exactly this. */
  text?: string | undefined
  /** Alibaba: the approved template and its values. */
  templateCode?: string | undefined
  templateVariables?: Record<string, string> | undefined
  /** Twilio: a content template (`HX…`) and its values, in place of a text. */
  contentSid?: string | undefined
  contentVariables?: Record<string, string> | undefined
}

/**
 * What one wire request proved.
 * - `accepted`: the provider took the message and named it. Not yet delivery.
 * - `rejected`: the provider said no; the same request would fail again.
 * - `throttled`: the provider said not now; certainly not accepted.
 * - `unreachable`: not a byte of the request left; certainly not accepted.
 * - `unknown`: nobody can tell whether the message was taken. Never sent again by itself.
 */
export type SendOutcome =
  | { state: 'accepted'; providerId: string; segments?: number | undefined }
  | { state: 'rejected'; error: SendFailure }
  | { state: 'throttled'; error: SendFailure; retryAfterMs?: number | undefined }
  | { state: 'unreachable'; error: SendFailure }
  | { state: 'unknown'; error: SendFailure }

/** Why a send did not end in `accepted`. Holds nothing secret or personal: numbers, texts and URLs are left out. */
export interface SendFailure {
  provider: SmsProviderName
  /** The provider's own code word for word (`21211`, `isv.BUSINESS_LIMIT_CONTROL`, `OptedOut`) or a transport code (`ECONNREFUSED`). */
  providerCode: string
  /** Whose fault it is; decides what a person is told to change. */
  about: 'recipient' | 'configuration' | 'content' | 'provider' | 'network'
  /** The provider's message with numbers, texts and URLs removed, or our own words. English. */
  message: string
  httpStatus?: number | undefined
  requestId?: string | undefined
}

/** What a look-up found of a message that may have been taken. */
export interface FoundSms {
  /** True where the provider named our own id; otherwise number, text and time fit, and several may. */
  isExact: boolean
  /** The provider's id, where the look-up tells it. */
  providerId?: string | undefined
  /** The provider's word for where it is. */
  status: string
  delivery?: DeliveryState | undefined
  code?: string | undefined
}

/** What asking the provider about a message came to. Only `found` and `absent` say something of the message. */
export type LookUp =
  | { state: 'found'; matches: FoundSms[] }
  | { state: 'absent' }
  | { state: 'cannot-tell'; isReachable: boolean; error: SendFailure }

/** A check that texts nobody: are these credentials good, and for what account? */
export type CredentialsCheck =
  { ok: true; account: string; details?: Record<string, string> } | { ok: false; error: SendFailure }

/** A template kept at the provider (Alibaba's by its code, Twilio's by its Content SID). */
export interface ProviderTemplate {
  code: string
  name: string
  /** With the provider's own placeholders; empty where it has no plain text. */
  text: string
  status: 'approved' | 'pending' | 'rejected'
  placeholders: string[]
}

/** The only door to an SMS provider. One object per service and credentials; made once, used for every send. */
export interface SmsProvider {
  readonly name: SmsProviderName
  /**
   * Makes exactly one wire request and says what it proved. Never throws for anything that happens on the wire.
   * @param signal an aborted call counts as `unknown` once bytes may have left, as `unreachable` before
   */
  send(message: OutgoingSms, signal?: AbortSignal): Promise<SendOutcome>
  /**
   * Asks whether the provider has taken a message. Texts nobody. Absent where the provider offers no such question.
   * @param since begin of the attempt; what was taken earlier is another message
   * @param now the present, up to which the provider is asked
   */
  lookUp?(message: OutgoingSms, since: Date, now: Date, signal?: AbortSignal): Promise<LookUp>
  /**
   * Only where one wire request can carry messages to several people: how many of these may go in one, counted from
   * the first; 1 at least.
   */
  batchSize?(messages: readonly OutgoingSms[]): number
  /**
   * Makes exactly one wire request for as many messages as `batchSize` allowed, known to the provider by the id of the
   * first, and says of each what it proved.
   */
  sendBatch?(messages: readonly OutgoingSms[], signal?: AbortSignal): Promise<SendOutcome[]>
  checkCredentials(signal?: AbortSignal): Promise<CredentialsCheck>
  /** Only where templates live at the provider. */
  describeTemplate?(code: string, signal?: AbortSignal): Promise<ProviderTemplate | null>
  close(): Promise<void>
}
