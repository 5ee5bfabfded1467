import { z } from 'zod'
import { timeZone } from '../directory/regions.ts'
import { functionName } from '../graph/schema.ts'
import { isForbiddenKey } from '../json.ts'
import { value } from '../values/value.ts'

/** What happens where a run of the trigger is under way: both run, the next waits its turn, or it does not run. */
export const concurrencyRules = ['parallel', 'queue', 'skip'] as const
export const concurrency = z.enum(concurrencyRules)

/** The last part of the address of an HTTP trigger: `/hooks/order-arrived`. */
export const hookPath = z.string().regex(/^[a-z0-9][a-z0-9-]{2,63}$/, { error: 'hookPath' })
/** `machine.alarm` */
export const eventName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, { error: 'eventName' })
/** A calendar day such as `2026-12-25`. */
export const calendarDay = z.iso.date({ error: 'calendarDay' })

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'timeOfDay' })

/** When a schedule is due, by the clock of its time zone. */
export const scheduleTimes = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('day'), time: timeOfDay }),
  z.strictObject({
    form: z.literal('week'),
    /** 1 is Monday, 7 is Sunday. */
    weekdays: z.array(z.int().min(1).max(7)).min(1, { error: 'required' }).max(7),
    time: timeOfDay,
  }),
  /** Months without that day are passed over; `last` is the last day of each. */
  z.strictObject({
    form: z.literal('month'),
    day: z.union([z.int().min(1).max(31), z.literal('last')]),
    time: timeOfDay,
  }),
  /** Five fields: minute, hour, day of the month, month, weekday. */
  z.strictObject({ form: z.literal('cron'), cron: z.string().trim().min(9, { error: 'cron' }).max(200) }),
])
export type ScheduleTimes = z.infer<typeof scheduleTimes>

export const schedule = z.strictObject({
  times: scheduleTimes,
  timeZone,
  /** Days of the list of holidays are passed over. */
  skipHolidays: z.boolean().default(false),
})
export type Schedule = z.infer<typeof schedule>

/** What becomes of times that passed while the server was down: nothing, one run for all, or one for each (100 at most). */
export const catchUpPolicies = ['skip', 'once', 'all'] as const

const common = {
  name: z.string().trim().min(1).max(100),
  concurrency: concurrency.default('parallel'),
  /** Values of the function's inputs by name; they know `trigger`, and HTTP triggers and events `payload` too. */
  inputs: z
    .record(
      z
        .string()
        .max(64)
        .refine((name) => !isForbiddenKey(name)),
      value,
    )
    .refine((inputs) => Object.keys(inputs).length <= 100)
    .default({}),
}

export const triggerSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('hook'),
    path: hookPath,
    /** `key`: the caller shows a key. `signature`: the caller signs time and body with a secret. */
    proof: z.enum(['key', 'signature']).default('key'),
    /** `inputs`: the body holds the inputs by name and is checked against them. `free`: `inputs` is made from the body. */
    body: z.enum(['inputs', 'free']).default('inputs'),
    /** `end`: waits for the end of the run. `start`: answers as soon as it is certain that the run will be made. */
    answer: z.enum(['end', 'start']).default('end'),
    /** How long an answer waits for the end. */
    timeoutSeconds: z.int().min(1).max(25).default(20),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('schedule'),
    ...schedule.shape,
    catchUp: z.enum(catchUpPolicies).default('skip'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('event'),
    event: eventName,
    /** A formula over `payload`; the trigger fires where it gives true. Empty: always. */
    condition: z.string().trim().max(10_000).default(''),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('after-function'),
    /** The function whose runs it waits for. */
    after: functionName,
    end: z.enum(['done', 'failed', 'any']).default('done'),
  }),
])
export type TriggerSettings = z.output<typeof triggerSettings>
export type SettingsOf<K extends TriggerSettings['kind']> = Extract<TriggerSettings, { kind: K }>
