import { computed, nextTick, shallowRef, type Ref } from 'vue'
import { ApiError } from '../api/api-error.ts'
import { useI18n } from '../i18n/index.ts'

/** A field that is wrong, as the server and our own checks say it. */
interface WrongField {
  path: string
  key?: string | undefined
  message: string
}

/**
 * What the server refused in a form, beside its fields: until the draft that it spoke of is another one.
 * @param fieldOf the field of the form that a path of the server belongs to
 */
export function useRefusal<Draft>(draft: Ref<Draft>, fieldOf: (path: string) => string = (path) => path) {
  const { t, has } = useI18n()
  const refused = shallowRef<{ draft: Draft; errors: Record<string, string> } | null>(null)

  function textsOf(fields: readonly WrongField[]): Record<string, string> {
    return Object.fromEntries(
      fields.map(({ path, key, message }) => {
        const text = `validation.${key}` as const
        return [fieldOf(path), key && has(text) ? t(text) : message]
      }),
    )
  }

  /** @returns true where the fields say all there is to say */
  function showRefusal(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.fields.length === 0) return false
    refused.value = { draft: draft.value, errors: textsOf(error.fields) }
    return true
  }

  const refusals = computed<Readonly<Record<string, string>>>(() =>
    refused.value?.draft === draft.value ? refused.value.errors : {},
  )
  return { refusals, showRefusal, textsOf }
}

/** Puts the focus into the first field that is marked as wrong. @param form its selector */
export async function focusFirstError(form: string): Promise<void> {
  await nextTick()
  document.querySelector<HTMLElement>(`${form} [aria-invalid=true]`)?.focus()
}
