import type { z } from 'zod'
import type { FieldProblem } from './errors.ts'
import { issueKey } from './issue-key.ts'
import en from './locales/en.json' with { type: 'json' }

const MAX_PROBLEMS = 50
const texts: Readonly<Record<string, string>> = en.validation

/**
 * Turns the issues of a refused form or body into field problems, one per issue.
 *
 * @param document what was parsed
 * @param under path that stands before every field, for example `settings`
 */
export function fieldProblems(error: z.ZodError, document: unknown, under = ''): FieldProblem[] {
  return error.issues.slice(0, MAX_PROBLEMS).map((issue) => {
    const key = issueKey(issue, document)
    const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
    return {
      path: [...(under === '' ? [] : [under]), ...place.map(String)].join('/'),
      message: texts[key] ?? issue.message,
      key,
    }
  })
}
