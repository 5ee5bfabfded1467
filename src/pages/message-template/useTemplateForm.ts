import { computed, ref, shallowRef } from 'vue'
import { fieldProblems } from '../../../nodes/field-problems.ts'
import { checkTemplate } from '../../../nodes/message-templates/check-template.ts'
import { templateContent } from '../../../nodes/message-templates/schema.ts'
import type { MessageTemplate, TemplateContent } from '../../../nodes/message-templates/schema.ts'
import { ApiError } from '../../api/api-error.ts'
import { useI18n } from '../../i18n/index.ts'
import { useElements } from '../../stores/elements.ts'
import { contentOf } from './template-draft.ts'

/**
 * A template as it is being changed. `errors` keep it from being saved; `problems` are what would keep it from being
 * sent, and may wait.
 */
export function useTemplateForm(first: MessageTemplate) {
  const { t, has } = useI18n()
  const elements = useElements()
  const saved = shallowRef(first)
  const draft = shallowRef<TemplateContent>(contentOf(first))
  const tried = ref(false)
  /** What the server said about fields, with the draft it spoke of: another draft makes it void. */
  const refused = shallowRef<{ draft: TemplateContent; errors: Record<string, string> } | null>(null)

  const own = computed(() => {
    const parsed = templateContent.safeParse(draft.value)
    return parsed.success ? {} : textsOf(fieldProblems(parsed.error, draft.value))
  })
  const errors = computed<Readonly<Record<string, string>>>(() => ({
    ...(tried.value ? own.value : {}),
    ...(refused.value?.draft === draft.value ? refused.value.errors : {}),
  }))
  const problems = computed(() =>
    checkTemplate(draft.value, elements.isLoaded ? elements.serviceSummaries : undefined),
  )

  function textsOf(
    fields: readonly { path: string; key?: string | undefined; message: string }[],
  ): Record<string, string> {
    return Object.fromEntries(
      fields.map(({ path, key, message }) => {
        const text = `validation.${key}` as const
        return [path, key && has(text) ? t(text) : message]
      }),
    )
  }

  /** @returns true where everything may be sent */
  function check(): boolean {
    tried.value = true
    return Object.keys(own.value).length === 0
  }

  /** Puts what the server refused beside its fields. @returns true where that says all there is to say */
  function showRefusal(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.fields.length === 0) return false
    refused.value = { draft: draft.value, errors: textsOf(error.fields) }
    return true
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
