import { ErrorCode, FlowError } from '../../nodes/errors.ts'

const MAX_KEY_LENGTH = 200

/** Reads the header `Idempotency-Key`. @throws FlowError `BODY_INVALID` */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header === 'string' && header !== '' && header.length <= MAX_KEY_LENGTH) return header
  throw new FlowError(ErrorCode.BodyInvalid, `An Idempotency-Key has 1 to ${MAX_KEY_LENGTH} characters`, {
    hint: 'Send one key, for example a UUID.',
  })
}
