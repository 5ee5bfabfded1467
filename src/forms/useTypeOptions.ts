import { computed } from 'vue'
import { isDirectoryType } from '../../nodes/directory/directory-value.ts'
import type { ValueType } from '../../nodes/graph/schema.ts'
import { useI18n } from '../i18n/index.ts'

/** Types to choose from, those of the directory below a heading of their own. */
export function useTypeOptions(types: readonly ValueType[]) {
  const { t } = useI18n()
  return computed(() =>
    types.map((value) => ({
      value,
      label: t(`function.types.${value}`),
      group: isDirectoryType(value) ? t('function.typesDirectory') : undefined,
    })),
  )
}
