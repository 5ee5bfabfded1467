import type { Route } from '../stores/route.ts'
import type { UiTreeItem } from '../ui/index.ts'

/** A row of the element tree: a group, or something that opens a page. */
export interface ElementItem extends UiTreeItem {
  name: string
  route?: Route
  /** True for what can be renamed and deleted. */
  canChange?: boolean
  children?: ElementItem[]
}
