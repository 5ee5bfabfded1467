import { ref, shallowRef } from 'vue'
import { ApiError } from '../../api/api-error.ts'
import { useApi } from '../../api/client.ts'
import { focusFirstError } from '../../forms/useRefusal.ts'
import { useI18n } from '../../i18n/index.ts'
import { isPasswordWrong, useCredentialErrors } from '../../login/useCredentialErrors.ts'

type Step =
  | { name: 'password' }
  | { name: 'scan'; secret: string; address: string }
  | { name: 'codes'; codes: readonly string[] }

/** The steps to codes of an app: prove the password, give the app its secret, prove that, keep the recovery codes. */
export function useSecondFactor(asksPresent: boolean) {
  const { t } = useI18n()
  const api = useApi()
  const { explain } = useCredentialErrors()
  const step = shallowRef<Step>({ name: 'password' })
  const present = ref('')
  const code = ref('')
  const error = ref('')
  const isBusy = ref(false)

  async function begin() {
    if (asksPresent && present.value === '') throw required
    const body = { ...(asksPresent && { present: present.value }) }
    step.value = { name: 'scan', ...(await api.call('beginSecondFactor', { body })) }
  }
  async function confirm() {
    if (code.value.trim() === '') throw required
    const { recoveryCodes } = await api.call('confirmSecondFactor', { body: { code: code.value } })
    step.value = { name: 'codes', codes: recoveryCodes }
  }

  function textOf(thrown: unknown): string {
    if (thrown === required) return t('validation.required')
    if (isPasswordWrong(thrown)) return t('credentials.password.presentWrong')
    const isWrong = thrown instanceof ApiError && thrown.code === 'CODE_WRONG'
    return isWrong ? t('credentials.factor.wrong') : explain(thrown)
  }

  async function go() {
    if (isBusy.value) return
    isBusy.value = true
    error.value = ''
    try {
      await (step.value.name === 'password' ? begin() : confirm())
    } catch (thrown) {
      error.value = textOf(thrown)
      void focusFirstError('#second-factor-dialog')
    } finally {
      isBusy.value = false
    }
  }

  return { step, present, code, error, isBusy, go }
}

/** Thrown where a field is empty. */
const required = Symbol('required')
