import { ApiError } from '../api/api-error.ts'
import { useI18n } from '../i18n/index.ts'
import { useCodeErrors, waitOf } from './useCodeErrors.ts'

/** Says in one line what went wrong with a password or with what follows it. */
export function useCredentialErrors() {
  const { t } = useI18n()
  const { explain: explainOther, waitText } = useCodeErrors()

  function explain(thrown: unknown): string {
    const seconds = waitOf(thrown)
    if (seconds !== undefined) return t('credentials.wait', { time: waitText(seconds) })
    return explainOther(thrown)
  }

  return { explain }
}

/** Whether it was the password that did not fit. */
export function isPasswordWrong(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.code === 'PASSWORD_WRONG'
}
