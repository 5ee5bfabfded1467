import type { TriggerSettings } from '../../../../nodes/triggers/settings.ts'

/** A trigger while it is typed: the fields of the kind, of every form of schedule, side by side. */
export type TriggerDraft = ReturnType<typeof draftOf>

export function draftOf(settings: TriggerSettings) {
  const times = settings.kind === 'schedule' ? settings.times : undefined
  return {
    settings: { ...settings },
    times: {
      form: times?.form ?? 'day',
      time: times && times.form !== 'cron' ? times.time : '09:00',
      weekdays: times?.form === 'week' ? [...times.weekdays] : [1, 2, 3, 4, 5],
      day: times?.form === 'month' ? String(times.day) : '1',
      cron: times?.form === 'cron' ? times.cron : '30 9 * * 1-5',
    },
  }
}

/** The settings that a draft stands for; they may be wrong yet. */
export function settingsOf({ settings, times }: TriggerDraft): TriggerSettings {
  return settings.kind === 'schedule' ? { ...settings, times: timesOf(times) } : { ...settings }
}

function timesOf({ form, time, weekdays, day, cron }: TriggerDraft['times']) {
  switch (form) {
    case 'day':
      return { form, time }
    case 'week':
      return { form, weekdays: [...weekdays].sort((a, b) => a - b), time }
    case 'month':
      return { form, day: day === 'last' ? ('last' as const) : Number(day), time }
    case 'cron':
      return { form, cron }
  }
}
