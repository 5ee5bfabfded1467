import { useI18n } from '../i18n/index.ts'
import { ApiError } from './api-error.ts'

export interface ErrorText {
  title: string
  /** What to do next. */
  text: string
}

/** Says an error in the language of the page: by its code, else in the words it brought along. */
export function useErrorText(): (error: unknown) => ErrorText {
  const { t, has } = useI18n()
  return (error) => {
    if (!(error instanceof ApiError)) {
      return { title: t('api.unexpected'), text: error instanceof Error ? error.message : String(error) }
    }
    // codes of this side (`OFFLINE`) have their texts below `api`, those of the server below `errors`
    const place = (
      has(`api.${error.code}.title`) ? `api.${error.code}` : `errors.${error.code}`
    ) as `errors.${string}`
    const title = `${place}.title` as const
    const hint = `${place}.hint` as const
    return {
      title: has(title) ? t(title, error.params) : error.message,
      text: has(hint) ? t(hint, error.params) : (error.hint ?? ''),
    }
  }
}
