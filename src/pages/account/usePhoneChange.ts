import { ref } from 'vue'
import { useApi } from '../../api/client.ts'
import { useI18n } from '../../i18n/index.ts'
import { useCodeErrors } from '../../login/useCodeErrors.ts'

interface PhoneChange {
  method: string
  doing: 'change' | 'remove'
  hasPhone: boolean
  done: () => void
}

/** The steps to another number or to none: prove the old one, name the new one, prove that. */
export function usePhoneChange({ method, doing, hasPhone, done }: PhoneChange) {
  const { t } = useI18n()
  const api = useApi()
  const { explain } = useCodeErrors()
  const step = ref<'prove' | 'old-code' | 'number' | 'new-code'>(hasPhone ? 'prove' : 'number')
  const phone = ref('')
  const code = ref('')
  const error = ref('')
  const isBusy = ref(false)
  let challenge = ''
  let ticket: string | undefined

  const steps = {
    async prove() {
      challenge = (await api.call('proveOwnPhone', { body: { method } })).challenge
      step.value = 'old-code'
    },
    async 'old-code'() {
      ticket = (await api.call('checkOwnPhone', { body: { challenge, code: code.value } })).ticket
      if (doing === 'change') {
        step.value = 'number'
        return
      }
      await api.call('removePhone', { body: { ticket } })
      done()
    },
    async number() {
      if (phone.value.trim() === '') {
        error.value = t('validation.required')
        return
      }
      const body = { method, phone: phone.value, ...(ticket !== undefined && { ticket }) }
      challenge = (await api.call('askForNewPhone', { body })).challenge
      step.value = 'new-code'
    },
    async 'new-code'() {
      await api.call('changePhone', { body: { challenge, code: code.value } })
      done()
    },
  }

  async function go() {
    if (isBusy.value) return
    isBusy.value = true
    error.value = ''
    try {
      await steps[step.value]()
    } catch (thrown) {
      error.value = explain(thrown)
    } finally {
      code.value = ''
      isBusy.value = false
    }
  }

  return { step, phone, code, error, isBusy, go }
}
