/** What one check found: a line for the operator. */
export interface Finding {
  /** What was looked at: `disk`. */
  check: string
  /** `warn`: it works, and should be looked at. `fail`: it does not, or soon will not. */
  state: 'ok' | 'warn' | 'fail'
  text: string
  /** What to do about it. */
  remedy?: string | undefined
}

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text })
export const warn = (check: string, text: string, remedy: string): Finding => ({
  check,
  state: 'warn',
  text,
  remedy,
})
export const fail = (check: string, text: string, remedy?: string): Finding => ({
  check,
  state: 'fail',
  text,
  remedy,
})

/** What a person reads of something that was thrown. */
export function failed(check: string, error: unknown): Finding {
  const { message, hint } = error as { message?: string; hint?: string }
  return fail(check, message ?? 'It could not be looked at', hint)
}
