import { ApiError } from '../api/api-error.ts'
import { useErrorText } from '../api/useErrorText.ts'
import { useI18n } from '../i18n/index.ts'

/** Says in one line what went wrong with a number or a code. */
export function useCodeErrors() {
  const { t, has } = useI18n()
  const errorText = useErrorText()

  function waitText(seconds: number): string {
    if (seconds < 120) return t('login.signIn.seconds', { count: seconds })
    return t('login.signIn.minutes', { count: Math.ceil(seconds / 60) })
  }

  function explain(thrown: unknown): string {
    const seconds = waitOf(thrown)
    if (seconds !== undefined) return t('login.signIn.wait', { time: waitText(seconds) })
    const field = thrown instanceof ApiError ? thrown.fields[0] : undefined
    if (field) {
      const key = `validation.${field.key}` as const
      return field.key && has(key) ? t(key) : field.message
    }
    const { title, text } = errorText(thrown)
    return text ? `${title}${t('login.signIn.sentenceEnd')}${text}` : title
  }

  return { explain, waitText }
}

/** Seconds until the next code may be asked for, where that is what went wrong. */
export function waitOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof ApiError) || thrown.code !== 'TOO_MANY_TRIES') return undefined
  const seconds = thrown.params['seconds']
  return typeof seconds === 'number' ? seconds : undefined
}
