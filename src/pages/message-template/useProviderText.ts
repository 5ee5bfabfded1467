import { ref } from 'vue'
import type { Ref } from 'vue'
import { ApiError } from '../../api/api-error.ts'
import { useApi } from '../../api/client.ts'
import { useErrorText } from '../../api/useErrorText.ts'
import { useI18n } from '../../i18n/index.ts'

/** Reads the text of a template from a service's provider. */
export function useProviderText(serviceId: () => string): {
  isLoading: Readonly<Ref<boolean>>
  /** Why there is no text, or what keeps the provider from sending it; empty while there is nothing to say. */
  failure: Ref<string>
  /** @param take gets a text that was found */
  load(code: string, take: (text: string) => void): Promise<void>
} {
  const { t } = useI18n()
  const api = useApi()
  const errorText = useErrorText()
  const isLoading = ref(false)
  const failure = ref('')

  async function load(code: string, take: (text: string) => void) {
    if (code === '') return
    isLoading.value = true
    failure.value = ''
    try {
      const { text, status } = await api.call('providerTemplate', { params: { id: serviceId(), code } })
      if (text === '') failure.value = t('template.bindings.noText')
      else {
        take(text)
        if (status !== 'approved') failure.value = t(`template.bindings.${status}`)
      }
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.status === 404
      failure.value = isUnknown ? t('function.template.notFound') : errorText(error).title
    } finally {
      isLoading.value = false
    }
  }
  return { isLoading, failure, load }
}
