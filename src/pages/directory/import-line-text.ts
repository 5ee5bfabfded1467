import type { ImportResult } from '../../../nodes/api/directory.ts'
import type { I18n } from '../../i18n/index.ts'

/** Says why a line is refused or worth a look; in the server's words where its key is not known here. */
export function importLineText(
  { key, message }: ImportResult['refused'][number],
  { t, has }: Pick<I18n, 't' | 'has'>,
): string {
  for (const text of [`csv.${key}`, `skipped.${key}`, `validation.${key}`] as const) {
    if (has(text)) return t(text as `validation.${string}`)
  }
  return message
}
