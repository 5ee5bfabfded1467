import { z } from 'zod'

/** Twilio signs exactly what it sends, so a form is read as the text it came as. */
export const twilioForm = z.string().max(100_000)

const words = z.string().max(200)
/** Other fields may come: vendors add some from time to time. */
export const alibabaReports = z
  .array(
    z.object({
      phone_number: words,
      success: z.boolean(),
      send_time: words.nullish(),
      report_time: words.nullish(),
      err_code: words.nullish(),
      biz_id: words.nullish(),
      out_id: words.nullish(),
    }),
  )
  .max(2_000)

export const alibabaAnswers = z
  .array(
    z.object({
      phone_number: words,
      content: z.string().max(2_000),
      send_time: words.nullish(),
      dest_code: words.nullish(),
      sequence_id: z.coerce.string().max(100).nullish(),
      sign_name: words.nullish(),
    }),
  )
  .max(2_000)

/** What Alibaba waits for: without a number in `code` it pushes again. */
export const alibabaReply = z.object({ code: z.literal(0), msg: z.string() })
