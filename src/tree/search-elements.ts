import type { ElementItem } from './element-item.ts'

/** Keeps the rows whose label contains every word, and the groups they stand in; a group that matches keeps all. */
export function searchElements(items: readonly ElementItem[], search: string): ElementItem[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...items]
  const matches = ({ label }: ElementItem) => words.every((word) => label.toLocaleLowerCase().includes(word))
  return items.flatMap((item) => {
    if (matches(item)) return [item]
    const children = item.children?.filter(matches) ?? []
    return children.length > 0 ? [{ ...item, children }] : []
  })
}
