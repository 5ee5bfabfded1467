import type { Department } from '../../nodes/directory/schema.ts'

/**
 * Finds departments as callers name them: by id, by the names from the top (`Plant North / Maintenance`), or by the name
 * alone where no other department has it.
 * @returns `ambiguous` where several have the name
 */
export function departmentFinder(
  departments: readonly Department[],
): (named: string) => Department | 'ambiguous' | undefined {
  const byId = new Map(departments.map((each) => [each.id, each]))
  let byName: Map<string, Department[]> | undefined
  return (named) => {
    const known = byId.get(named)
    if (known) return known
    byName ??= Map.groupBy(departments, ({ name }) => folded(name))
    const path = named.split('/').map(folded)
    const ends = byName.get(path.at(-1)!) ?? []
    const found = ends.filter((each) => isBelow(each, path, byId))
    // a name with a slash in it is no path
    const whole = byName.get(folded(named)) ?? []
    const all = [...new Set([...found, ...whole])]
    return all.length > 1 ? 'ambiguous' : all[0]
  }
}

/** Whether the names from the top are exactly the path; of one name alone nothing is asked of what is above. */
function isBelow(
  department: Department,
  path: readonly string[],
  byId: ReadonlyMap<string, Department>,
): boolean {
  if (path.length === 1) return true
  let at: Department | undefined = department
  for (const name of path.toReversed()) {
    if (!at || folded(at.name) !== name) return false
    at = at.parent === null ? undefined : byId.get(at.parent)
  }
  return at === undefined
}

function folded(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase()
}
