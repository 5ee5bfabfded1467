import { computed, reactive, type Ref } from 'vue'
import { failOverChain } from '../../../nodes/services/sms/fail-over.ts'
import { useElements } from '../../stores/elements.ts'
import { draftPlaceholders, type DraftParams } from './node-draft.ts'

/** The SMS service and the template that a form has chosen, and what is known of them. */
export function useSmsChoice(params: Readonly<Ref<DraftParams>>) {
  const elements = useElements()
  const loadedTemplates = reactive(new Map<string, readonly string[]>())
  const templateTexts = reactive(new Map<string, string>())

  const services = computed(() => (elements.isLoaded ? elements.serviceSummaries : undefined))
  const service = computed(() => services.value?.find((each) => each.id === params.value.service))
  const templates = computed(() => (elements.isLoaded ? elements.templates : undefined))
  const template = computed(() => templates.value?.find((each) => each.id === params.value.template))
  const chain = computed(() => (service.value ? failOverChain(service.value, services.value ?? []) : []))
  const placeholders = computed(() =>
    draftPlaceholders(params.value, chain.value, template.value, loadedTemplates),
  )
  /** The text of the template code, once it was read from the provider. */
  const templateText = computed(() =>
    templateTexts.get(`${service.value?.id ?? ''} ${String(params.value.templateCode ?? '')}`),
  )
  function setTemplatePlaceholders(serviceId: string, code: string, names: readonly string[], text: string) {
    loadedTemplates.set(`${serviceId} ${code}`, names)
    templateTexts.set(`${serviceId} ${code}`, text)
  }
  return {
    services,
    service,
    templates,
    template,
    chain,
    placeholders,
    templateText,
    setTemplatePlaceholders,
  }
}
