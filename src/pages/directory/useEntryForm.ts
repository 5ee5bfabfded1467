import { ref } from 'vue'
import type { z } from 'zod'
import { fieldProblems } from '../../../nodes/field-problems.ts'
import { ApiError } from '../../api/api-error.ts'
import { useErrorText } from '../../api/useErrorText.ts'
import { useI18n } from '../../i18n/index.ts'

/** Checks and saves one entry of the directory; errors stand beside their fields, others at `''`. */
export function useEntryForm<Schema extends z.ZodObject>(schema: Schema) {
  const { t, has } = useI18n()
  const errorText = useErrorText()
  const errors = ref<Record<string, string>>({})
  const isBusy = ref(false)

  const textOf = (key: string | undefined, message: string) => {
    const text = `validation.${key}` as const
    return key && has(text) ? t(text) : message
  }

  /** @returns true where `save` went well */
  async function submit(
    entry: z.input<Schema>,
    save: (entry: z.output<Schema>) => Promise<unknown>,
  ): Promise<boolean> {
    const parsed = schema.safeParse(entry)
    if (!parsed.success) {
      const problems = fieldProblems(parsed.error, entry)
      errors.value = Object.fromEntries(
        problems.map(({ path, key, message }) => [path, textOf(key, message)]),
      )
      return false
    }
    isBusy.value = true
    errors.value = {}
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
