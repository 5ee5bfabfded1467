import {
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Globe,
  Megaphone,
  SkipForward,
  Workflow,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { TriggerKind } from '../../../../nodes/api/runs.ts'
import type { Firing } from '../../../../nodes/api/triggers.ts'
import type { ScheduleTimes, TriggerSettings } from '../../../../nodes/triggers/settings.ts'
import type { Translate } from '../../../i18n/index.ts'
import type { Tone } from '../run-texts.ts'

export const kindIcons: Record<TriggerKind, Component> = {
  hook: Globe,
  schedule: CalendarClock,
  event: Megaphone,
  'after-function': Workflow,
}

export const firingLooks: Record<Firing['state'], { tone: Tone; icon: Component }> = {
  waiting: { tone: 'accent', icon: CircleDashed },
  started: { tone: 'success', icon: CircleCheck },
  skipped: { tone: 'neutral', icon: SkipForward },
  refused: { tone: 'danger', icon: CircleAlert },
}

/** The name of a weekday; 1 is Monday. */
export function weekdayName(day: number, locale: string): string {
  // 1 January 2024 was a Monday
  const date = new Date(Date.UTC(2024, 0, day))
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(date)
}

/** A moment by the clock of a zone, with its weekday. */
export function momentText(iso: string, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit' },
    ...(timeZone !== undefined && { timeZone, timeZoneName: 'short' }),
  }).format(new Date(iso))
}

/**
 * What sets a trigger off, in one line.
 * @param origin where callers reach the server
 * @param titleOf the title of a function
 */
export function aboutText(
  settings: TriggerSettings,
  on: { t: Translate; locale: string; origin: string; titleOf: (name: string) => string },
): string {
  const { t, locale, origin, titleOf } = on
  switch (settings.kind) {
    case 'hook':
      return t('triggers.about.hook', { address: `${origin}/hooks/${settings.path}` })
    case 'event': {
      const { event, condition } = settings
      return condition
        ? t('triggers.about.eventIf', { event, condition })
        : t('triggers.about.event', { event })
    }
    case 'after-function':
      return t(`triggers.about.after.${settings.end}`, { function: titleOf(settings.after) })
    case 'schedule': {
      const { times, timeZone: zone, skipHolidays } = settings
      const text = t('triggers.about.zone', { times: timesText(times, t, locale), zone })
      return skipHolidays ? `${text}, ${t('triggers.about.skipHolidays')}` : text
    }
  }
}

function timesText(times: ScheduleTimes, t: Translate, locale: string): string {
  if (times.form === 'cron') return t('triggers.about.cron', { cron: times.cron })
  const { time } = times
  switch (times.form) {
    case 'day':
      return t('triggers.about.day', { time })
    case 'week': {
      const names = [...times.weekdays].sort((a, b) => a - b).map((day) => weekdayName(day, locale))
      const days = new Intl.ListFormat(locale, { style: 'short' }).format(names)
      return t('triggers.about.week', { days, time })
    }
    case 'month':
      return times.day === 'last'
        ? t('triggers.about.monthLast', { time })
        : t('triggers.about.month', { day: times.day, time })
  }
}
