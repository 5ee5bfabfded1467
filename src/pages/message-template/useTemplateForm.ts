import { computed, ref, shallowRef } from 'vue'
import { fieldProblems } from '../../../nodes/field-problems.ts'
import { checkTemplate } from '../../../nodes/message-templates/check-template.ts'
import { templateContent } from '../../../nodes/message-templates/schema.ts'
import type { MessageTemplate, TemplateContent } from '../../../nodes/message-templates/schema.ts'
import { useRefusal } from '../../forms/useRefusal.ts'
import { useElements } from '../../stores/elements.ts'
import { contentOf } from './template-draft.ts'

/**
 * A template as it is being changed. `errors` keep it from being saved; `problems` are what would keep it from being
 * sent, and may wait.
 */
export function useTemplateForm(first: MessageTemplate) {
  const elements = useElements()
  const saved = shallowRef(first)
  const draft = shallowRef<TemplateContent>(contentOf(first))
  const tried = ref(false)
  const { refusals, showRefusal, textsOf } = useRefusal(draft)

  const own = computed(() => {
    const parsed = templateContent.safeParse(draft.value)
    return parsed.success ? {} : textsOf(fieldProblems(parsed.error, draft.value))
  })
  const errors = computed<Readonly<Record<string, string>>>(() => ({
    ...(tried.value ? own.value : {}),
    ...refusals.value,
  }))
  const problems = computed(() =>
    checkTemplate(draft.value, elements.isLoaded ? elements.serviceSummaries : undefined),
  )

  /** @returns true where everything may be sent */
  function check(): boolean {
    tried.value = true
    return Object.keys(own.value).length === 0
  }

  /** Starts again from what the server has now. */
  function reset(template: MessageTemplate) {
    saved.value = template
    draft.value = contentOf(template)
    tried.value = false
  }

  return {
    saved,
    draft,
    errors,
    problems,
    isUnsaved: computed(() => JSON.stringify(draft.value) !== JSON.stringify(contentOf(saved.value))),
    check,
    showRefusal,
    reset,
  }
}
