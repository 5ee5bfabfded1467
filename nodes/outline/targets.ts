import type { OutlineBranch, OutlineStatement } from './outline.ts'
import type { OutlinePlace, OutlinePlaces } from './places.ts'

/** The place one up: before the statement above, else at the end of the branch above, else before the parent. */
export function placeAbove(places: OutlinePlaces, id: string): OutlinePlace | null {
  const found = places.get(id)
  if (!found || found.statement.node.type === 'start') return null
  const { block, index, parent } = found
  const above = block.statements[index - 1]
  if (above) return above.node.type === 'start' ? null : { before: above.node.id }
  if (!parent) return null
  const { statement } = parent.place
  const branch = statement.branches[statement.branches.indexOf(parent.branch) - 1]
  return branch ? endOfBranch(statement, branch) : { before: statement.node.id }
}

/** The place one down: behind the statement below, else at the beginning of the branch below, else behind the parent. */
export function placeBelow(places: OutlinePlaces, id: string): OutlinePlace | null {
  const found = places.get(id)
  if (!found || found.statement.node.type === 'start') return null
  const { block, index, parent } = found
  const below = block.statements[index + 1]
  if (below) return { after: below.node.id }
  if (!parent) return null
  const { statement } = parent.place
  const branch = statement.branches[statement.branches.indexOf(parent.branch) + 1]
  if (branch) return { into: { node: statement.node.id, port: branch.port } }
  return { after: statement.node.id }
}

/** The end of the body, or else of the last branch, of the statement above; null: it has none. */
export function placeInside(places: OutlinePlaces, id: string): OutlinePlace | null {
  const found = places.get(id)
  const above = found?.block.statements[found.index - 1]
  const branch = above?.branches.findLast(({ isBody }) => isBody) ?? above?.branches.at(-1)
  return above && branch ? endOfBranch(above, branch) : null
}

/** Behind the statement that this one is inside of; null: it is inside of none. */
export function placeOutside(places: OutlinePlaces, id: string): OutlinePlace | null {
  const parent = places.get(id)?.parent
  return parent ? { after: parent.place.statement.node.id } : null
}

function endOfBranch({ node }: OutlineStatement, { port, block }: OutlineBranch): OutlinePlace {
  const last = block.statements.at(-1)
  return last ? { after: last.node.id } : { into: { node: node.id, port } }
}
