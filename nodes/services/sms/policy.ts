import { z } from 'zod'
import { countries, timeZone } from '../../directory/regions.ts'

const timeOfDay = z
  .string()
  .trim()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'timeOfDay' })

/** Two capital letters (ISO 3166), or a calling code with its plus: `+1` is all of North America. */
const country = z
  .string()
  .trim()
  .refine((text) => countries.includes(text) || /^\+[1-9]\d{0,3}$/.test(text), { error: 'country' })

const testNumber = z
  .string()
  .trim()
  .regex(/^\+[1-9]\d{6,14}$/, { error: 'phone' })

/**
 * What a service may send, how fast and when, and what follows where it cannot: the same for all providers, saved with
 * the service. A limit that is left out is not there. Labels are `services.policy.<field>` in the locale files.
 */
export const smsPolicy = z
  .strictObject({
    /** On: `testNumbers` alone are texted, everybody else is skipped as `test-mode`. */
    testMode: z.boolean().default(false),
    testNumbers: z.array(testNumber).max(100).default([]).meta({ control: 'texts' }),
    /** Messages per second, evenly spaced, `burst` of them at once after a pause. */
    ratePerSecond: z.number().min(0.01).max(10_000).optional(),
    burst: z.int().min(1).max(10_000).default(1),
    /** Countries that may be texted; none named: all. */
    countries: z.array(country).max(250).default([]).meta({ control: 'countries' }),
    /** Most messages and most segments of one day, never one above. The day begins at midnight in `timeZone`. */
    dailyMessages: z.int().min(1).max(100_000_000).optional(),
    dailySegments: z.int().min(1).max(100_000_000).optional(),
    /** From–until on the recipient's clock; may span midnight. */
    quietFrom: timeOfDay.optional().meta({ placeholder: '21:00' }),
    quietUntil: timeOfDay.optional().meta({ placeholder: '08:00' }),
    quietAction: z.enum(['later', 'skip']).default('later'),
    /** The clock of the daily caps, and of recipients whose own is not known; none: the organisation's. */
    timeZone: timeZone.optional().meta({ control: 'time-zone' }),
    /** A message that could not be sent within this time is not sent any more. */
    timeToLiveMinutes: z.int().min(1).max(10_080).default(1_440),
    /** Wire requests per message, the first included. */
    maxAttempts: z.int().min(1).max(5).default(5),
    firstDelaySeconds: z.number().min(0.1).max(3_600).default(1),
    maxDelaySeconds: z.number().min(0.1).max(3_600).default(60),
    /** Id of the service that takes over a message which this one certainly did not take. */
    fallback: z.string().min(1).max(100).optional().meta({ control: 'fallback' }),
  })
  .check((context) => {
    const { quietFrom, quietUntil, firstDelaySeconds, maxDelaySeconds } = context.value
    const refuse = (field: string, message: string) =>
      context.issues.push({ code: 'custom', path: [field], message, input: context.value })
    if (quietFrom && !quietUntil) refuse('quietUntil', 'required')
    if (quietUntil && !quietFrom) refuse('quietFrom', 'required')
    if (quietFrom && quietFrom === quietUntil) refuse('quietUntil', 'quietHoursEmpty')
    if (maxDelaySeconds < firstDelaySeconds) refuse('maxDelaySeconds', 'delayBelowFirst')
  })
export type SmsPolicy = z.output<typeof smsPolicy>

/** What a service has that was made before there were policies, and the sandbox: nothing is held back. */
export const openPolicy: SmsPolicy = smsPolicy.parse({})

/** The policy of a new service. Whoever has typed real credentials texts nobody by accident. */
export function policyForNew(isSandbox: boolean): SmsPolicy {
  return { ...openPolicy, testMode: !isSandbox }
}
