import type { z } from 'zod'
import type { WireAnswer } from './transport.ts'

/** The JSON body of an answer if it has the given shape, otherwise undefined. */
export function parseAnswer<Schema extends z.ZodType>(
  answer: WireAnswer,
  schema: Schema,
): z.infer<Schema> | undefined {
  let body: unknown
  try {
    body = JSON.parse(answer.body)
  } catch {
    return undefined
  }
  const parsed = schema.safeParse(body)
  return parsed.success ? parsed.data : undefined
}
