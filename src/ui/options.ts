import type { Component } from 'vue'

/** One choice of a select or combobox. `value` is not empty; options with equal `group` stand below one heading. */
export interface UiOption<Value extends string = string> {
  value: Value
  label: string
  description?: string | undefined
  icon?: Component | undefined
  group?: string | undefined
  disabled?: boolean
}

/** Options by heading, in order of appearance; those without one stand below `''`. */
export function groupOptions<O extends UiOption>(options: readonly O[]): { group: string; options: O[] }[] {
  const groups = new Map<string, O[]>()
  for (const option of options) {
    const group = option.group ?? ''
    groups.set(group, [...(groups.get(group) ?? []), option])
  }
  return [...groups].map(([group, members]) => ({ group, options: members }))
}

/** Options whose label or description contains every word of the search, whatever the case. */
export function searchOptions<O extends UiOption>(options: readonly O[], search: string): O[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return options.filter((option) => {
    const text = `${option.label} ${option.description ?? ''} ${option.value}`.toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}
