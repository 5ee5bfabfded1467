import { computed, nextTick, ref, shallowRef } from 'vue'
import type { SmsService } from '../../../nodes/api/elements.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import { ApiError } from '../../api/api-error.ts'
import { useI18n } from '../../i18n/index.ts'
import { checkDraft, draftOf, isChanged, type ServiceDraft } from './service-draft.ts'

/**
 * What was typed into a service's form, and what is wrong with it. A wrong entry shows once its field was left; that
 * something is missing shows only once somebody tried to save, so a first look around draws no errors.
 */
export function useServiceForm(provider: SmsProviderName, first?: SmsService) {
  const { t, has } = useI18n()
  const service = shallowRef(first)
  const start = shallowRef(draftOf(provider, first))
  const draft = shallowRef<ServiceDraft>(start.value)
  const left = ref<ReadonlySet<string>>(new Set())
  const tried = ref(false)
  /** What the server said about fields, with the draft it spoke of: another draft makes it void. */
  const refused = shallowRef<{ draft: ServiceDraft; errors: Record<string, string> } | null>(null)

  const own = computed(() => checkDraft(draft.value, service.value))
  const errors = computed(() => {
    const texts: Record<string, string> = {}
    for (const [path, key] of Object.entries(own.value)) {
      if (tried.value || (left.value.has(path) && key !== 'required')) texts[path] = t(`validation.${key}`)
    }
    return refused.value?.draft === draft.value ? { ...texts, ...refused.value.errors } : texts
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
      return [path, key && has(text) ? t(text) : message] as const
    })
    refused.value = { draft: draft.value, errors: Object.fromEntries(texts) }
    void focusFirstError()
    return true
  }

  async function focusFirstError() {
    await nextTick()
    document.querySelector<HTMLElement>('.service-form [aria-invalid=true]')?.focus()
  }

  /** Starts again from what the server has now. */
  function reset(saved: SmsService) {
    service.value = saved
    start.value = draftOf(provider, saved)
    draft.value = start.value
    left.value = new Set()
    tried.value = false
  }

  return {
    draft,
    errors,
    isUnsaved: computed(() => isChanged(draft.value, start.value)),
    leave: (path: string) => (left.value = new Set([...left.value, path])),
    check,
    showRefusal,
    reset,
  }
}
