import type { NameFacts } from './name-facts.ts'
import type { ValueName, ValueNameGroup } from './value-names.ts'

/** One row of the tree of names: a heading, a name, or a field of one. */
export interface ValueRow {
  id: string
  label: string
  /** What choosing it gives; absent on headings and where only its fields can stand here. */
  path?: string | undefined
  facts: NameFacts
  children: ValueRow[]
}

/** A row as it is shown. */
export interface ShownRow extends Omit<ValueRow, 'children'> {
  level: number
  parent: string | undefined
  /** `undefined`: it has nothing to unfold. */
  isOpen: boolean | undefined
}

export interface ValueTreeOptions {
  factsOf(path: string): NameFacts
  /** False: a name that never makes sense here and is left out. */
  isOffered(name: ValueName): boolean
  titleOf(group: ValueNameGroup): string
  /** What stands for the result of a step as a whole. */
  whole: string
}

/** Fields of fields are unfolded this deep. */
const DEPTH = 6
const fieldName = /^[\p{L}_][\p{L}\p{N}_]*$/u

/** The names that can be used at a node as a tree: by origin, and objects with their fields. */
export function valueTree(groups: readonly ValueNameGroup[], options: ValueTreeOptions): ValueRow[] {
  return groups.flatMap((group): ValueRow[] => {
    const children = namesTree(group, options)
    if (children.length === 0) return []
    const label = options.titleOf(group)
    return [{ id: `group ${group.kind} ${label}`, label, facts: {}, children }]
  })
}

function namesTree(group: ValueNameGroup, options: ValueTreeOptions): ValueRow[] {
  const rows: ValueRow[] = []
  const byPath = new Map<string, ValueRow>()
  const root = group.kind === 'step' ? group.names.find(({ label }) => label === '')?.path : undefined
  for (const name of group.names) {
    if (name.path === root) continue
    const row = rowAt(name.path, name.label)
    if (options.isOffered(name)) row.path = name.path
  }
  for (const row of [...byPath.values()]) {
    if (row.path !== undefined && row.children.length === 0) row.children = fieldRows(row, 1)
  }
  const whole = group.names.find(({ path }) => path === root)
  if (whole && options.isOffered(whole)) {
    rows.push({
      id: whole.path,
      path: whole.path,
      label: options.whole,
      facts: options.factsOf(whole.path),
      children: [],
    })
  }
  return rows.filter(hasChoice)

  /** The row of a path, below the rows of what it is a field of. */
  function rowAt(path: string, label: string): ValueRow {
    const known = byPath.get(path)
    if (known) return known
    const parentPath = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : undefined
    const parent =
      parentPath === undefined || parentPath === root || parentPath === 'nodes'
        ? undefined
        : rowAt(parentPath, parentPath.slice(root === undefined ? 0 : root.length + 1))
    const own = parent ? path.slice(parentPath!.length + 1) : label
    const row: ValueRow = { id: path, label: own, facts: options.factsOf(path), children: [] }
    // an object within a result can be taken whole
    if (root !== undefined) row.path = path
    byPath.set(path, row)
    ;(parent?.children ?? rows).push(row)
    return row
  }
  function fieldRows({ id, facts }: ValueRow, depth: number): ValueRow[] {
    if (depth === DEPTH) return []
    return (facts.fields ?? [])
      .filter((name) => fieldName.test(name))
      .map((name) => {
        const path = `${id}.${name}`
        const row: ValueRow = { id: path, path, label: name, facts: options.factsOf(path), children: [] }
        return { ...row, children: fieldRows(row, depth + 1) }
      })
  }
}

function hasChoice({ path, children }: ValueRow): boolean {
  return path !== undefined || children.some(hasChoice)
}

/**
 * The rows that are shown: all down to those that match every word of the search, or without one those whose parents
 * are open.
 * @param open what a person folded or unfolded, by id; headings and rows that cannot be chosen start open
 */
export function shownRows(
  tree: readonly ValueRow[],
  search: string,
  open: ReadonlyMap<string, boolean>,
): ShownRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const matches = (row: ValueRow, above: string): boolean => {
    const text = `${above} ${row.label} ${row.path ?? ''}`.toLocaleLowerCase()
    return (
      row.children.some((child) => matches(child, text)) ||
      (row.path !== undefined && words.every((word) => text.includes(word)))
    )
  }
  const show = (
    rows: readonly ValueRow[],
    level: number,
    parent: ValueRow | undefined,
    above: string,
  ): ShownRow[] =>
    rows.flatMap(({ children, ...row }) => {
      const text = `${above} ${row.label} ${row.path ?? ''}`.toLocaleLowerCase()
      if (words.length > 0 && !matches({ ...row, children }, above)) return []
      const inside = words.length > 0 ? children.filter((child) => matches(child, text)) : children
      const isOpen = words.length > 0 || (open.get(row.id) ?? row.path === undefined)
      const shown = { ...row, level, parent: parent?.id, isOpen: inside.length > 0 ? isOpen : undefined }
      return [shown, ...(isOpen ? show(inside, level + 1, { ...row, children }, text) : [])]
    })
  return show(tree, 1, undefined, '')
}

export function canBeChosen(row: Pick<ShownRow, 'path' | 'facts'>): boolean {
  return row.path !== undefined && row.facts.unfit === undefined
}

/** The rows above a path, which are open where it is the one that is chosen. */
export function rowsAbove(tree: readonly ValueRow[], path: string): string[] {
  for (const { id, path: own, children } of tree) {
    if (own === path) return []
    const below = rowsAbove(children, path)
    if (below.length > 0 || children.some((child) => child.path === path)) return [id, ...below]
  }
  return []
}

/** What a name is called outside of the list: `Severity`, `Text the shift · counts.accepted`; `undefined`: not known. */
export function nameLabel(path: string, groups: readonly ValueNameGroup[]): string | undefined {
  let best: { name: ValueName; group: ValueNameGroup } | undefined
  for (const group of groups) {
    for (const name of group.names) {
      const isOnWay = path === name.path || path.startsWith(`${name.path}.`)
      if (isOnWay && name.path.length > (best?.name.path.length ?? 0)) best = { name, group }
    }
  }
  if (!best) return undefined
  const label = best.name.label + path.slice(best.name.path.length)
  if (best.group.kind !== 'step') return label
  return [best.group.title, label.replace(/^\./, '')].filter(Boolean).join(' · ')
}
