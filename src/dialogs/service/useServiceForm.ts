import { computed, ref, shallowRef } from 'vue'
import type { SmsService } from '../../../nodes/api/elements.ts'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import { focusFirstError, useRefusal } from '../../forms/useRefusal.ts'
import { useI18n } from '../../i18n/index.ts'
import { checkDraft, draftOf, isChanged, type ServiceDraft } from './service-draft.ts'

/**
 * What was typed into a service's form, and what is wrong with it. A wrong entry shows once its field was left; that
 * something is missing shows only once somebody tried to save, so a first look around draws no errors.
 */
export function useServiceForm(provider: SmsProviderName, first?: SmsService) {
  const { t } = useI18n()
  const service = shallowRef(first)
  const start = shallowRef(draftOf(provider, first))
  const draft = shallowRef<ServiceDraft>(start.value)
  const left = ref<ReadonlySet<string>>(new Set())
  const tried = ref(false)
  const refusal = useRefusal(draft)

  const own = computed(() => checkDraft(draft.value, service.value))
  const errors = computed(() => {
    const texts: Record<string, string> = {}
    for (const [path, key] of Object.entries(own.value)) {
      if (tried.value || (left.value.has(path) && key !== 'required')) texts[path] = t(`validation.${key}`)
    }
    return { ...texts, ...refusal.refusals.value }
  })

  /** @returns true where everything may be sent; otherwise the first wrong field gets the focus */
  function check(): boolean {
    tried.value = true
    if (Object.keys(own.value).length === 0) return true
    void focusFirstError('.service-form')
    return false
  }

  /** Puts what the server refused beside its fields. @returns true where that says all there is to say */
  function showRefusal(error: unknown): boolean {
    if (!refusal.showRefusal(error)) return false
    void focusFirstError('.service-form')
    return true
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
