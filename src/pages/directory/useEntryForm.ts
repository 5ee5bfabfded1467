import { ref, watch } from 'vue'
import type { z } from 'zod'
import { fieldProblems } from '../../../nodes/field-problems.ts'
import { ApiError } from '../../api/api-error.ts'
import { useErrorText } from '../../api/useErrorText.ts'
import { useI18n } from '../../i18n/index.ts'

/**
 * Checks and saves one entry of the directory; errors stand beside their fields, others at `''`. Once somebody
 * tried to save, what is typed is checked at once.
 *
 * @param entry what is typed: reactive
 */
export function useEntryForm<Schema extends z.ZodObject>(schema: Schema, entry: () => z.input<Schema>) {
  const { t, has } = useI18n()
  const errorText = useErrorText()
  const errors = ref<Record<string, string>>({})
  const isBusy = ref(false)

  const textOf = (key: string | undefined, message: string) => {
    const text = `validation.${key}` as const
    return key && has(text) ? t(text) : message
  }

  const tried = ref(false)
  function check() {
    const parsed = schema.safeParse(entry())
    const problems = parsed.success ? [] : fieldProblems(parsed.error, entry())
    errors.value = Object.fromEntries(problems.map(({ path, key, message }) => [path, textOf(key, message)]))
    return parsed
  }
  watch(entry, () => tried.value && check(), { deep: true })

  /** @returns true where `save` went well */
  async function submit(save: (entry: z.output<Schema>) => Promise<unknown>): Promise<boolean> {
    tried.value = true
    const parsed = check()
    if (!parsed.success) return false
    isBusy.value = true
    try {
      await save(parsed.data)
      return true
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : []
      const { title, text } = errorText(error)
      errors.value = Object.fromEntries(
        fields.length > 0
          ? fields.map(({ path, key, message }) => [path, textOf(key, message)])
          : [['', `${title} ${text}`]],
      )
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { errors, isBusy, submit }
}
