import type { z } from 'zod'
import en from './locales/en.json' with { type: 'json' }

/** A key below `validation.` in the locale files. */
export type ValidationKey = keyof typeof en.validation

/**
 * Says in our own words what Zod found, for every form, request body and node.
 * @param input what was parsed: an issue alone does not say whether the value was missing or wrong
 */
export function issueKey(issue: z.core.$ZodIssue, input: unknown): ValidationKey {
  const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
  if (message !== undefined && Object.hasOwn(en.validation, message)) return message as ValidationKey
  const value = valueAt(input, issue.path)
  if (value === undefined || value === null || value === '') return 'required'
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int') return 'tooSmall'
      return isEmpty(value) ? 'required' : 'tooShort'
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int' ? 'tooLarge' : 'tooLong'
    case 'unrecognized_keys':
      return 'unknownField'
    case 'invalid_type':
      return issue.expected === 'number' || issue.expected === 'int' ? 'number' : 'invalid'
    default:
      return 'invalid'
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0
}
