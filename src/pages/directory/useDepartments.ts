import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import { useApi } from '../../api/client.ts'
import { useRequest, type Loading } from '../../api/useRequest.ts'
import { useI18n } from '../../i18n/index.ts'
import type { UiOption } from '../../ui/index.ts'
import {
  departmentPaths,
  departmentTree,
  type DepartmentBranch,
  type ListedDepartment,
} from './department-tree.ts'

/** The departments of the directory page, loaded once for its three parts. */
export interface Departments extends Omit<Loading<ListedDepartment[]>, 'value'> {
  list: ComputedRef<readonly ListedDepartment[]>
  tree: ComputedRef<DepartmentBranch[]>
  paths: ComputedRef<Map<string, string>>
  options: ComputedRef<UiOption[]>
  isLoaded: ComputedRef<boolean>
}
const departmentsKey: InjectionKey<Departments> = Symbol('departments of the directory page')

export function provideDepartments() {
  const api = useApi()
  const { locale } = useI18n()
  const { value, error, isLoading, reload } = useRequest((signal) => api.call('listDepartments', { signal }))
  const list = computed<readonly ListedDepartment[]>(() => value.value ?? [])
  const compare = computed(() => new Intl.Collator(locale.value, { numeric: true }).compare)
  const paths = computed(() => departmentPaths(list.value))
  provide(departmentsKey, {
    list,
    paths,
    tree: computed(() => departmentTree(list.value, compare.value)),
    options: computed(() =>
      [...paths.value]
        .map(([id, label]) => ({ value: id, label }))
        .sort((a, b) => compare.value(a.label, b.label)),
    ),
    isLoaded: computed(() => value.value !== undefined),
    error,
    isLoading,
    reload,
  })
}

export function useDepartments(): Departments {
  return inject(departmentsKey)!
}
