import { ErrorCode, FieldsError } from '../../nodes/errors.ts'
import { fieldProblems } from '../../nodes/field-problems.ts'
import { smsPolicy } from '../../nodes/services/sms/policy.ts'
import type { SmsPolicy } from '../../nodes/services/sms/policy.ts'

/**
 * Checks a typed policy; a field that is null counts as left out.
 * @param missing what stands for fields that are left out, before the schema's own defaults
 * @throws FieldsError `BODY_INVALID` naming each refused field below `policy/`
 */
export function readPolicy(
  typed: Record<string, unknown> | undefined,
  missing: Partial<SmsPolicy>,
): SmsPolicy {
  const given = Object.fromEntries(Object.entries(typed ?? {}).filter(([, value]) => value !== null))
  const policy = { ...missing, ...given }
  const parsed = smsPolicy.safeParse(policy)
  if (parsed.success) return parsed.data
  throw new FieldsError(
    ErrorCode.BodyInvalid,
    'Some settings of the send policy are missing or wrong',
    fieldProblems(parsed.error, policy, 'policy'),
    { hint: 'Correct the marked fields.' },
  )
}

/**
 * A chain of fail-over services ends somewhere: none comes back to a service that it began with.
 * @throws FieldsError `BODY_INVALID` at `policy/fallback`
 */
export function refuseWrongFallback(
  id: string,
  fallback: string | undefined,
  services: ReadonlyMap<string, { fallback: string | undefined }>,
): void {
  if (fallback === undefined) return
  if (fallback !== id && !services.has(fallback)) throw wrongFallback('fallbackMissing')
  const seen = new Set([id])
  for (let next: string | undefined = fallback; next !== undefined; next = services.get(next)?.fallback) {
    if (seen.has(next)) throw wrongFallback('fallbackLoop')
    seen.add(next)
  }
}

function wrongFallback(key: 'fallbackMissing' | 'fallbackLoop'): FieldsError {
  const message =
    key === 'fallbackMissing'
      ? 'The fail-over service does not exist'
      : 'The fail-over services would hand a message round in a circle'
  return new FieldsError(ErrorCode.BodyInvalid, message, [{ path: 'policy/fallback', key, message }], {
    hint: 'Choose another fail-over service.',
  })
}
