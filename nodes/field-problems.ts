import type { z } from 'zod'
import type { FieldProblem } from './errors.ts'

/**
 * Turns the issues of a refused form or body into field problems, one per issue.
 *
 * @param under path that stands before every field, for example `settings`
 */
export function fieldProblems(error: z.ZodError, under = ''): FieldProblem[] {
  return error.issues.slice(0, MAX_PROBLEMS).map((issue) => {
    const key = keyOf(issue)
    return {
      path: [...(under === '' ? [] : [under]), ...issue.path.map(String)].join('/'),
      message: key === issue.message ? 'This does not have the right form' : issue.message,
      key,
    }
  })
}

const MAX_PROBLEMS = 50
/** Schemas name their own text by a single word, `twilioAccountSid`; Zod's own messages are sentences. */
const ownKey = /^[a-z][A-Za-z0-9]*$/

function keyOf(issue: z.core.$ZodIssue): string {
  if (ownKey.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'required' : 'invalid'
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? Number(issue.minimum) === 1
          ? 'required'
          : 'tooShort'
        : 'tooSmall'
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'tooLong' : 'tooLarge'
    case 'unrecognized_keys':
      return 'unknownField'
    default:
      return 'invalid'
  }
}
