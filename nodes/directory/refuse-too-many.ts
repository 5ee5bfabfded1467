import { ErrorCode, FlowError } from '../errors.ts'
import type { ResolvedRecipient } from './schema.ts'

/** @throws FlowError `TOO_MANY_RECIPIENTS` */
export function refuseTooMany(people: readonly ResolvedRecipient[], limit: number): void {
  const count = people.length
  if (count <= limit) return
  throw new FlowError(
    ErrorCode.TooManyRecipients,
    `${count} people are selected; this step reaches at most ${limit}`,
    { hint: 'Select fewer people, or allow more in the node.', params: { count, limit } },
  )
}
