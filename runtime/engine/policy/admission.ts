import type { SkipReason } from '../../../nodes/directory/schema.ts'
import type { Suppression } from '../../../nodes/execution.ts'
import type { MessageForm } from '../../../nodes/messages.ts'
import { openPolicy } from '../../../nodes/services/sms/policy.ts'
import type { SmsPolicy } from '../../../nodes/services/sms/policy.ts'
import { segmentsOf } from '../../../nodes/services/sms/segments.ts'
import type { SegmentCounter } from '../../../nodes/services/sms/segments.ts'
import type { ServiceUsage } from '../../ledger/ledger.ts'
import { countryRule } from './country-rule.ts'
import { DailyCount } from './daily-count.ts'
import type { DailyCaps } from './daily-count.ts'
import { minutesOf, quietUntil } from './local-time.ts'
import type { QuietHours } from './local-time.ts'
import { Pace } from './pace.ts'
import { zoneOfNumber } from './recipient-zone.ts'

/** What is asked of a message before it may leave. */
export interface Candidate {
  phone: string
  body: MessageForm
  timeZone?: string | undefined
  urgent?: boolean | undefined
}

/** A message's place in the counts of its day; given back where the message was certainly not taken. */
export interface Reservation {
  day: string
  segments: number
}

export type Verdict =
  | { send: true; reservation: Reservation | undefined }
  | { send: false; reason: SkipReason }
  | { send: false; until: number }

/** Quiet hours are worked out once a minute for each zone. */
const MINUTE_MS = 60_000

/**
 * Says for one SMS service whether a message may leave now: test mode, countries, quiet hours, daily caps; `pace` says
 * how fast. There is one per service and process, so that its counts are exact however many runs send at once; it
 * outlives changes of the settings, and its counts are written with each claim.
 */
export class Admission {
  readonly #serviceId: string
  readonly #homeZone: () => string
  readonly #count: DailyCount
  #policy: SmsPolicy = openPolicy
  #counter: SegmentCounter = { provider: 'twilio' }
  #pace: Pace | undefined
  #dueAt: number
  #testNumbers: ReadonlySet<string> | undefined
  #mayText: ((phone: string) => boolean) | undefined
  #caps: DailyCaps | undefined
  #quiet: QuietHours | undefined
  readonly #quietEnds = new Map<string, { minute: number; until: number | undefined }>()

  /**
   * @param usage what was used up before this process began
   * @param homeZone the organisation's time zone
   */
  constructor(serviceId: string, usage: ServiceUsage | undefined, homeZone: () => string) {
    this.#serviceId = serviceId
    this.#homeZone = homeZone
    this.#count = new DailyCount(usage && { ...usage })
    this.#dueAt = usage?.dueAt ?? 0
  }

  /** @param counter how the service counts parts */
  set(policy: SmsPolicy, counter: SegmentCounter): void {
    this.#counter = counter
    const { ratePerSecond, burst, dailyMessages, dailySegments, quietFrom, quietUntil: quietTo } = policy
    this.#policy = policy
    this.#testNumbers = policy.testMode ? new Set(policy.testNumbers) : undefined
    this.#mayText = countryRule(policy.countries)
    this.#caps =
      dailyMessages === undefined && dailySegments === undefined
        ? undefined
        : {
            timeZone: this.#timeZone,
            messages: dailyMessages ?? Infinity,
            segments: dailySegments ?? Infinity,
          }
    this.#quiet = quietFrom && quietTo ? { from: minutesOf(quietFrom), until: minutesOf(quietTo) } : undefined
    this.#quietEnds.clear()
    this.#dueAt = this.#pace?.dueAt ?? this.#dueAt
    this.#pace = ratePerSecond === undefined ? undefined : new Pace(ratePerSecond, burst, this.#dueAt)
  }

  get policy(): SmsPolicy {
    return this.#policy
  }

  get pace(): Pace | undefined {
    return this.#pace
  }

  /** True where nothing is switched on: a message may leave without being asked about. */
  get isOpen(): boolean {
    return !(this.#pace || this.#testNumbers || this.#mayText || this.#caps || this.#quiet)
  }

  /** Decides about one message and, where it may leave, counts it. */
  admit(message: Candidate, now: number): Verdict {
    if (this.#testNumbers?.has(message.phone) === false) return { send: false, reason: 'test-mode' }
    if (this.#mayText?.(message.phone) === false) return { send: false, reason: 'country-not-allowed' }
    const until = this.#quiet && !message.urgent ? this.#quietEnd(this.#quiet, message, now) : undefined
    if (until !== undefined) {
      return this.#policy.quietAction === 'skip'
        ? { send: false, reason: 'quiet-hours' }
        : { send: false, until }
    }
    if (!this.#caps) return { send: true, reservation: undefined }
    const segments = this.#policy.dailySegments === undefined ? 0 : this.#segmentsOf(message)
    const day = this.#count.take(now, segments, this.#caps)
    return day === undefined
      ? { send: false, reason: 'daily-cap' }
      : { send: true, reservation: { day, segments } }
  }

  giveBack({ day, segments }: Reservation): void {
    this.#count.giveBack(day, segments)
  }

  /** What is used up as of now, to be written with the next claim; nothing where nothing is counted. */
  counted(): ServiceUsage | undefined {
    return this.#pace || this.#caps ? this.usage() : undefined
  }

  usage(): ServiceUsage {
    return { serviceId: this.#serviceId, dueAt: this.#pace?.dueAt ?? this.#dueAt, ...this.#count.current }
  }

  /**
   * What would happen to messages that are sent at this moment, one after the other, without counting any.
   * Those that quiet hours would send later are not skipped.
   */
  preview(now: number): Suppression {
    const rehearsal = new Admission(this.#serviceId, this.usage(), this.#homeZone)
    rehearsal.set(this.#policy, this.#counter)
    return ({ phone, timeZone, urgent, ...body }) => {
      const verdict = rehearsal.admit({ phone, timeZone, urgent, body }, now)
      return !verdict.send && 'reason' in verdict ? verdict.reason : undefined
    }
  }

  /** What only the provider knows the words of counts as one part. */
  #segmentsOf({ body, phone }: Candidate): number {
    return Math.max(1, segmentsOf(body, phone, this.#counter) ?? 1)
  }

  /** The clock of the caps, and of people whose own nobody knows. */
  get #timeZone(): string {
    return this.#policy.timeZone ?? this.#homeZone()
  }

  #quietEnd(hours: QuietHours, { phone, timeZone }: Candidate, now: number): number | undefined {
    const zone = timeZone ?? zoneOfNumber(phone) ?? this.#timeZone
    const minute = Math.floor(now / MINUTE_MS)
    let known = this.#quietEnds.get(zone)
    if (known?.minute !== minute) {
      known = { minute, until: quietUntil(hours, zone, now) }
      this.#quietEnds.set(zone, known)
    }
    return known.until
  }
}
