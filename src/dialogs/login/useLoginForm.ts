import { computed, ref, shallowRef } from 'vue'
import type { LoginMethod } from '../../../nodes/login/mobile-login.ts'
import { focusFirstError, useRefusal } from '../../forms/useRefusal.ts'
import { useI18n } from '../../i18n/index.ts'
import { useElements } from '../../stores/elements.ts'
import { checkDraft, draftOf, newDraft, settingsOf, type LoginDraft } from './login-draft.ts'

/** What was typed into the form of a login method, and what is wrong with it once somebody tried to save. */
export function useLoginForm(first?: LoginMethod) {
  const { t } = useI18n()
  const elements = useElements()
  const begin = (method?: LoginMethod) =>
    method ? draftOf(method) : newDraft({ name: t('login.defaultName'), text: t('login.defaultText') })
  const start = shallowRef(begin(first))
  const draft = shallowRef<LoginDraft>(start.value)
  const tried = ref(false)
  const refusal = useRefusal(draft, (path) => path.split('/')[0]!)

  const provider = computed(() => elements.services.find(({ id }) => id === draft.value.service)?.provider)
  const own = computed(() => checkDraft(draft.value, provider.value))
  const errors = computed<Readonly<Record<string, string>>>(() => {
    const texts = tried.value
      ? Object.entries(own.value).map(([path, key]) => [path, t(`validation.${key}`)] as const)
      : []
    return {
      ...Object.fromEntries(texts),
      ...refusal.refusals.value,
    }
  })

  /** @returns true where everything may be sent; otherwise the first wrong field gets the focus */
  function check(): boolean {
    tried.value = true
    if (Object.keys(own.value).length === 0) return true
    void focusFirstError('.login-form')
    return false
  }

  /** Puts what the server refused beside its fields. @returns true where that says all there is to say */
  function showRefusal(error: unknown): boolean {
    if (!refusal.showRefusal(error)) return false
    void focusFirstError('.login-form')
    return true
  }

  /** Starts again from what the server has now. */
  function reset(saved: LoginMethod) {
    start.value = begin(saved)
    draft.value = start.value
    tried.value = false
  }

  return {
    draft,
    errors,
    settings: () => settingsOf(draft.value, provider.value),
    isUnsaved: computed(() => JSON.stringify(draft.value) !== JSON.stringify(start.value)),
    check,
    showRefusal,
    reset,
  }
}
