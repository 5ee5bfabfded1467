import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleX,
  LoaderCircle,
  Undo2,
  UserRound,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { z } from 'zod'
import type { person } from '../../nodes/api/accounts.ts'
import type { RequestState, RequestView, TaskState } from '../../nodes/api/approvals.ts'
import { requestState } from '../../nodes/api/approvals.ts'
import type { ValueType } from '../../nodes/graph/schema.ts'
import type { Json } from '../../nodes/json.ts'
import type { I18n } from '../i18n/index.ts'

export type Person = z.infer<typeof person>
type RequestEvent = RequestView['history'][number]
type Texts = Pick<I18n, 't' | 'locale'>

type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger'
interface Look {
  tone: Tone
  icon: Component
}

/** Colour and icon of a request; the words stand beside them. */
export const stateLooks: Record<RequestState, Look> = {
  running: { tone: 'accent', icon: LoaderCircle },
  returned: { tone: 'warning', icon: Undo2 },
  approved: { tone: 'success', icon: CircleCheck },
  rejected: { tone: 'danger', icon: CircleX },
  revoked: { tone: 'neutral', icon: Undo2 },
  cancelled: { tone: 'neutral', icon: Ban },
  failed: { tone: 'danger', icon: CircleAlert },
}

export const taskLooks: Record<TaskState, Look> = {
  waiting: { tone: 'neutral', icon: CircleDashed },
  open: { tone: 'accent', icon: UserRound },
  approved: { tone: 'success', icon: CircleCheck },
  rejected: { tone: 'danger', icon: CircleX },
  returned: { tone: 'warning', icon: Undo2 },
  transferred: { tone: 'neutral', icon: UserRound },
  closed: { tone: 'neutral', icon: Ban },
}

/** `Amara Okafor and Julia Santos`. */
export function namesText(people: readonly Person[], locale: string): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(people.map(({ name }) => name))
}

/** One line of the history. */
export function eventText(event: RequestEvent, { t, locale }: Texts): string {
  const { by, people } = event
  const who = !by
    ? t('approvals.events.byItself')
    : event.for
      ? t('approvals.events.onBehalf', { by: by.name, for: event.for.name })
      : by.name
  const named = people.length > 0 ? namesText(people, locale.value) : t('approvals.events.nobody')
  return t(`approvals.events.${event.kind}`, { who, people: named })
}

/** What an event says of where it led; empty: nothing. */
export function eventPlace({ kind, to }: RequestEvent, { t }: Pick<I18n, 't'>): string {
  if (kind === 'returned') {
    return to === '' ? t('approvals.events.toInitiator') : t('approvals.events.to', { to })
  }
  const outcome = kind === 'ended' ? requestState.safeParse(to) : undefined
  return outcome?.success
    ? t('approvals.events.outcome', { outcome: t(`approvals.badges.${outcome.data}`) })
    : ''
}

/** A value of a form as people read it; empty where nothing was filled in. */
export function formValueText(value: Json, type: ValueType, { t, locale }: Texts): string {
  if (value === null || value === '') return ''
  if (typeof value === 'boolean') return t(value ? 'function.typed.yes' : 'function.typed.no')
  if (typeof value === 'number') return value.toLocaleString(locale.value, { maximumFractionDigits: 10 })
  if (type === 'datetime' && typeof value === 'string') return dateText(value, locale.value)
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map((each) => formValueText(each, type, { t, locale })).join(', ')
  const { name } = value
  return typeof name === 'string' ? name : JSON.stringify(value)
}

/** A day, or a moment with its time of day. */
function dateText(iso: string, locale: string): string {
  if (Number.isNaN(Date.parse(iso))) return iso
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) {
    return new Date(`${iso}T00:00`).toLocaleDateString(locale, { dateStyle: 'medium' })
  }
  return new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })
}

/** Hours and minutes; with the day where it is not today. */
export function momentText(iso: string, locale: string): string {
  const date = new Date(iso)
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })
}
