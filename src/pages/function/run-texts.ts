import {
  Ban,
  CheckCheck,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  LoaderCircle,
  ShieldAlert,
  TriangleAlert,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { RunError, RunStatus } from '../../../nodes/api/runs.ts'
import { isDeliveryEnd } from '../../../nodes/delivery.ts'
import type { MessageError, MessageReport, MessageState } from '../../../nodes/messages.ts'
import { explainProviderCode } from '../../../nodes/services/sms/explanations/index.ts'
import { smsProviderName, type SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import type { I18n, TextKey } from '../../i18n/index.ts'
import type { NodeRunState } from '../../stores/run-events.ts'

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger'

/** Colour and icon of a run or step; the words stand beside them. */
export const statusLooks: Record<RunStatus | NodeRunState, { tone: Tone; icon: Component }> = {
  queued: { tone: 'neutral', icon: CircleDashed },
  running: { tone: 'accent', icon: LoaderCircle },
  done: { tone: 'success', icon: CircleCheck },
  partly: { tone: 'warning', icon: TriangleAlert },
  failed: { tone: 'danger', icon: CircleAlert },
  cancelled: { tone: 'neutral', icon: Ban },
  quarantined: { tone: 'warning', icon: ShieldAlert },
}

export const messageLooks: Record<MessageState, { tone: Tone; icon: Component }> = {
  planned: { tone: 'neutral', icon: CircleDashed },
  dispatching: { tone: 'accent', icon: LoaderCircle },
  'retry-wait': { tone: 'accent', icon: LoaderCircle },
  accepted: { tone: 'success', icon: CircleCheck },
  rejected: { tone: 'danger', icon: CircleAlert },
  unknown: { tone: 'warning', icon: TriangleAlert },
  suppressed: { tone: 'neutral', icon: Ban },
  cancelled: { tone: 'neutral', icon: Ban },
  expired: { tone: 'danger', icon: CircleAlert },
}

/** The look of a message: once receipts tell, what they tell. */
export function looksOf({ state, delivery }: Pick<MessageReport, 'state' | 'delivery'>) {
  if (state !== 'accepted' || delivery === undefined) return messageLooks[state]
  if (delivery === 'delivered') return { tone: 'success', icon: CheckCheck } as const
  return isDeliveryEnd(delivery) ? messageLooks.rejected : messageLooks.accepted
}

/** What happened and what to do about it; either may be empty. */
export interface Cause {
  cause: string
  remedy: string
}

type Texts = Pick<I18n, 't' | 'has' | 'locale'>

/** Puts a provider's code into words where it is known, otherwise our own code, otherwise the message as it came. */
function explain(
  { provider, providerCode }: { provider?: string | undefined; providerCode?: string | undefined },
  locale: string,
): Cause | null {
  const name = smsProviderName.safeParse(provider)
  return name.success && providerCode ? explainProviderCode(name.data, providerCode, locale) : null
}

/** The error of a run or step. A formula says which rule it broke. */
export function runErrorText(error: RunError, { t, has, locale }: Texts): Cause {
  const explained = explain(error, locale.value)
  if (explained) return explained
  const reason = reasonOf(error)
  const texts = codeText(error, { t, has })
  return has(reason) ? { ...texts, cause: t(reason, error.params) } : texts
}

/** What our own code says. Where a service could not be opened, the reason of that says more than "not sent". */
function codeText(error: RunError | MessageError, { t, has }: Pick<Texts, 't' | 'has'>): Cause {
  const { params } = error
  const cause = `errors.${params?.cause}.title` as const
  const code = has(cause) ? params!.cause : error.code
  const title = `errors.${code}.title` as const
  const hint = `errors.${code}.hint` as const
  return {
    cause: has(title) ? t(title, params) : error.message,
    remedy: has(hint) ? t(hint, params) : (error.hint ?? ''),
  }
}

/** The text of what a formula, a message template, an HTTP request or a notification names; formulas name theirs without the place. */
function reasonOf({ code, params }: Pick<RunError, 'code' | 'params'>): TextKey {
  const reason = String(params?.reason ?? '')
  if (code === 'HTTP_REQUEST_INVALID' || code === 'NOTIFICATION_INVALID')
    return `errors.${code}.reasons.${reason}`
  return code === 'TEMPLATE_UNUSABLE' ? `problems.${reason}` : `problems.formula.${reason}`
}

/** What is wrong with the text that somebody would have got. */
function problemText(error: MessageError, { t, has }: Pick<Texts, 't' | 'has'>): string {
  const problem = reasonOf(error)
  const title = `errors.${error.code}.title` as const
  if (has(problem)) return t(problem, error.params)
  return has(title) ? t(title, error.params) : error.message
}

/** Why a person was skipped or not reached; `null` where there is nothing to say. */
export function messageCause(
  message: Pick<MessageReport, 'reason' | 'error'>,
  { t, has, locale }: Texts,
): Cause | null {
  const { error } = message
  if (message.reason) {
    return { cause: t(`skipped.${message.reason}`), remedy: error ? problemText(error, { t, has }) : '' }
  }
  if (!error) return null
  const explained = explain(error, locale.value)
  return explained ?? codeText(error, { t, has })
}

/** A provider's code as it is worth quoting to its support: `Twilio SMS 21211`. */
export function providerCodeText(
  { provider, providerCode }: { provider?: string | undefined; providerCode?: string | undefined },
  { t }: Pick<I18n, 't'>,
): string {
  if (!provider || !providerCode) return ''
  return `${t(`function.providers.${provider as SmsProviderName}`)} · ${providerCode}`
}

/** Time between two moments: milliseconds, seconds, or minutes and seconds. */
export function durationText(
  started: string,
  finished: string,
  { t, locale }: Pick<I18n, 't' | 'locale'>,
): string {
  const ms = Math.max(0, Date.parse(finished) - Date.parse(started))
  if (ms < 1_000) return t('function.run.milliseconds', { count: ms })
  if (ms < 60_000) {
    const seconds = (ms / 1_000).toLocaleString(locale.value, { maximumFractionDigits: 1 })
    return t('function.run.seconds', { count: seconds })
  }
  const seconds = Math.round(ms / 1_000)
  return t('function.run.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 })
}

/** Time of day; with the date where it was not today. */
export function timeText(iso: string, locale: string): string {
  const date = new Date(iso)
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday
    ? date.toLocaleTimeString(locale)
    : date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })
}
