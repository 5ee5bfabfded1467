import { z } from 'zod'
import { calendarDay, schedule, triggerSettings } from '../triggers/settings.ts'
import { runError, runStatus } from './runs.ts'

/** What keeps a trigger from starting its function. `key` is a text of the locale files, filled with `params`. */
export const triggerProblem = z.object({
  key: z.string(),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** The place in the settings, for example `inputs/device`. */
  field: z.string().optional(),
})
export type TriggerProblem = z.infer<typeof triggerProblem>

/** A trigger of a function. It does nothing until it is switched on. */
export const trigger = z.object({
  id: z.string(),
  functionName: z.string(),
  isOn: z.boolean(),
  settings: triggerSettings,
  /** HTTP: the last four characters of its key or secret. */
  proofEnding: z.string().optional(),
  /** Schedule: the next time, where it is on. */
  next: z.string().nullable(),
  /** Starts that wait until a run of the trigger is over. */
  waiting: z.int(),
  problems: z.array(triggerProblem),
  updated: z.string(),
})
export type Trigger = z.output<typeof trigger>

export const writeTrigger = z.strictObject({ settings: triggerSettings })
export const switchTrigger = z.strictObject({ isOn: z.boolean() })

/** The key or secret of an HTTP trigger is answered when it is made, and never again. */
export const madeTrigger = z.object({ trigger, secret: z.string().optional() })
export type MadeTrigger = z.output<typeof madeTrigger>

export const firingStates = ['waiting', 'started', 'skipped', 'refused'] as const
export const firingState = z.enum(firingStates)

/** Once that a trigger was set off, and what came of it. */
export const firing = z.object({
  id: z.string(),
  /** Of a schedule the time that it was due, else when it came in. */
  at: z.string(),
  state: firingState,
  /** Why it was skipped or refused. */
  reason: runError.optional(),
  run: z.string().optional(),
  runStatus: runStatus.optional(),
})
export type Firing = z.output<typeof firing>

export const nextTimesRequest = schedule
export const nextTimes = z.object({ times: z.array(z.string()) })

export const holiday = z.strictObject({ date: calendarDay, name: z.string().trim().max(100).default('') })
export type Holiday = z.output<typeof holiday>
/** At most ten years of them. */
export const holidays = z.array(holiday).max(1_000)
export const writeHolidays = z.strictObject({ holidays })

/** What came of an event at one trigger. */
export const eventAnswer = z.object({
  started: z.array(
    z.object({
      functionName: z.string(),
      trigger: z.string(),
      state: firingState,
      run: z.string().optional(),
      reason: runError.optional(),
    }),
  ),
})
export type EventAnswer = z.output<typeof eventAnswer>

/** What the caller of an HTTP trigger gets. */
export const hookAnswer = z.object({
  /** `waiting`: accepted, and started when the run before it is over. */
  state: z.enum(['waiting', 'started']),
  firing: z.string(),
  run: z.string().optional(),
  status: runStatus.optional(),
  output: z.json().optional(),
  error: runError.pick({ code: true, message: true }).optional(),
})
export type HookAnswer = z.output<typeof hookAnswer>
