import { z } from 'zod'
import type { DeliveryState } from '../../../nodes/messages.ts'
import type { FoundSms } from '../../../nodes/services/sms/provider.ts'

/** Alibaba's days are those of Beijing, UTC+8 all year. */
const BEIJING_MS = 8 * 60 * 60 * 1_000
/** A text is noted on the day it was taken, and clocks differ. */
const BEFORE_MS = 60_000
const AFTER_MS = 10 * 60_000

/** An answer to QuerySendDetails. @see Alibaba Cloud "QuerySendDetails" of Dysmsapi 2017-05-25, read 2026-08 */
export const sendDetails = z.object({
  Code: z.literal('OK'),
  TotalCount: z.coerce.number().int().nonnegative(),
  SmsSendDetailDTOs: z
    .object({
      SmsSendDetailDTO: z
        .array(
          z.object({
            SendStatus: z.coerce.number().int(),
            ErrCode: z.string().nullish(),
            OutId: z.string().nullish(),
            PhoneNum: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
})
export type SendDetail = NonNullable<
  NonNullable<z.output<typeof sendDetails>['SmsSendDetailDTOs']>['SmsSendDetailDTO']
>[number]

/** The days of Beijing, `yyyyMMdd`, on which a text of an attempt that began then can be noted: two around midnight. */
export function sendDates(since: Date, now: Date): string[] {
  const day = (milliseconds: number) =>
    new Date(milliseconds + BEIJING_MS).toISOString().slice(0, 10).replaceAll('-', '')
  const last = Math.min(since.getTime() + AFTER_MS, Math.max(now.getTime(), since.getTime()))
  return [...new Set([day(since.getTime() - BEFORE_MS), day(last)])]
}

const states: Readonly<Record<number, { status: string; delivery: DeliveryState }>> = {
  1: { status: 'waiting', delivery: 'queued' },
  2: { status: 'failed', delivery: 'undelivered' },
  3: { status: 'delivered', delivery: 'delivered' },
}

export function describeDetail({ SendStatus, ErrCode }: SendDetail): FoundSms {
  const known = states[SendStatus] ?? { status: String(SendStatus), delivery: undefined }
  const isFailure = known.delivery === 'undelivered'
  return { isExact: true, ...known, ...(isFailure && ErrCode && { code: ErrCode }) }
}
