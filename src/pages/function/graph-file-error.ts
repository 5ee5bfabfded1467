import type { GraphError } from '../../../nodes/errors.ts'
import type { I18n } from '../../i18n/index.ts'

/** Why a file could not be imported, where in the file, and what to do. */
export function graphFileError(error: GraphError, { t, has }: Pick<I18n, 't' | 'has'>): string {
  const reason = `errors.${error.code}.reasons.${error.params.reason ?? ''}` as const
  const title = `errors.${error.code}.title` as const
  const hint = `errors.${error.code}.hint` as const
  return [
    has(reason) ? t(reason, error.params) : has(title) ? t(title, error.params) : error.message,
    error.path ? t('function.import.place', { path: error.path }) : '',
    has(hint) ? t(hint, error.params) : (error.hint ?? ''),
  ]
    .filter(Boolean)
    .join(' · ')
}
