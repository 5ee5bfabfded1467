import { computed, ref, shallowRef } from 'vue'
import type { CodeAnswer } from '../../nodes/api/accounts.ts'
import { useApi } from '../api/client.ts'
import { useI18n } from '../i18n/index.ts'
import { useCodeErrors, waitOf } from './useCodeErrors.ts'
import { useCountdown } from './useCountdown.ts'

type Step = { name: 'phone' } | { name: 'code'; challenge: string } | (CodeAnswer & { name: 'answer' })

/**
 * Signing in by a code: ask for one, type it in, and where the number says too little choose or give a name.
 * @param done told the name of the person who is in
 */
export function useMobileSignIn(done: (name: string) => void) {
  const { t } = useI18n()
  const api = useApi()
  const { explain, waitText } = useCodeErrors()
  const resend = useCountdown()
  const step = shallowRef<Step>({ name: 'phone' })
  const method = ref('')
  const phone = ref('')
  const code = ref('')
  const name = ref('')
  const error = ref('')
  const isBusy = ref(false)

  async function attempt(what: () => Promise<void>) {
    if (isBusy.value) return
    isBusy.value = true
    error.value = ''
    try {
      await what()
    } catch (thrown) {
      const seconds = waitOf(thrown)
      if (seconds !== undefined) resend.start(seconds)
      error.value = explain(thrown)
    } finally {
      isBusy.value = false
    }
  }

  function take(answer: CodeAnswer) {
    if (answer.state === 'signed-in') done(answer.name)
    else step.value = { name: 'answer', ...answer }
  }

  const ask = () =>
    attempt(async () => {
      if (phone.value.trim() === '') {
        error.value = t('validation.required')
        return
      }
      const asked = await api.call('askForCode', { body: { method: method.value, phone: phone.value } })
      resend.start(asked.resendInSeconds)
      code.value = ''
      step.value = { name: 'code', challenge: asked.challenge }
    })

  const check = () =>
    attempt(async () => {
      if (step.value.name !== 'code') return
      const { challenge } = step.value
      try {
        take(await api.call('checkCode', { body: { challenge, code: code.value } }))
      } catch (thrown) {
        code.value = ''
        throw thrown
      }
    })

  const choose = (member: string) =>
    attempt(async () => {
      if (step.value.name !== 'answer' || step.value.state !== 'choose') return
      const { ticket } = step.value
      take(await api.call('chooseAccount', { body: { ticket, member } }))
    })

  const register = () =>
    attempt(async () => {
      if (step.value.name !== 'answer' || step.value.state !== 'register') return
      if (name.value.trim() === '') {
        error.value = t('validation.required')
        return
      }
      const { ticket } = step.value
      take(await api.call('registerAccount', { body: { ticket, name: name.value.trim() } }))
    })

  function changeNumber() {
    step.value = { name: 'phone' }
    code.value = ''
    error.value = ''
  }

  return {
    ...{ step, method, phone, code, name, error, isBusy },
    ...{ ask, check, choose, register, changeNumber },
    resendIn: resend.left,
    resendText: computed(() => waitText(resend.left.value)),
  }
}
