import { computed, nextTick, ref, shallowRef } from 'vue'
import type { LoginMethod } from '../../../nodes/login/mobile-login.ts'
import { ApiError } from '../../api/api-error.ts'
import { useI18n } from '../../i18n/index.ts'
import { useElements } from '../../stores/elements.ts'
import { checkDraft, draftOf, newDraft, settingsOf, type LoginDraft } from './login-draft.ts'

/** What was typed into the form of a login method, and what is wrong with it once somebody tried to save. */
export function useLoginForm(first?: LoginMethod) {
  const { t, has } = useI18n()
  const elements = useElements()
  const begin = (method?: LoginMethod) =>
    method ? draftOf(method) : newDraft({ name: t('login.defaultName'), text: t('login.defaultText') })
  const start = shallowRef(begin(first))
  const draft = shallowRef<LoginDraft>(start.value)
  const tried = ref(false)
  /** What the server said about fields, with the draft it spoke of: another draft makes it void. */
  const refused = shallowRef<{ draft: LoginDraft; errors: Record<string, string> } | null>(null)

  const provider = computed(() => elements.services.find(({ id }) => id === draft.value.service)?.provider)
  const own = computed(() => checkDraft(draft.value, provider.value))
  const errors = computed<Readonly<Record<string, string>>>(() => {
    const texts = tried.value
      ? Object.entries(own.value).map(([path, key]) => [path, t(`validation.${key}`)] as const)
      : []
    return {
      ...Object.fromEntries(texts),
      ...(refused.value?.draft === draft.value ? refused.value.errors : {}),
    }
  })

  /** @returns true where everything may be sent; otherwise the first wrong field gets the focus */
  function check(): boolean {
    tried.value = true
    if (Object.keys(own.value).length === 0) return true
    void focusFirstError()
    return false
  }

  /** Puts what the server refused beside its fields. @returns true where that says all there is to say */
  function showRefusal(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.fields.length === 0) return false
    const texts = error.fields.map(({ path, key, message }) => {
      const text = `validation.${key}` as const
      return [path.split('/')[0]!, key && has(text) ? t(text) : message] as const
    })
    refused.value = { draft: draft.value, errors: Object.fromEntries(texts) }
    void focusFirstError()
    return true
  }

  async function focusFirstError() {
    await nextTick()
    document.querySelector<HTMLElement>('.login-form [aria-invalid=true]')?.focus()
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
