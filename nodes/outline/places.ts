import { ERROR_PORT } from '../define.ts'
import type { Outline, OutlineBlock, OutlineBranch, OutlineStatement, PortRef } from './outline.ts'

/** Where in an outline something goes: behind or before a statement, or at the beginning of a block. */
export type OutlinePlace = { after: string } | { before: string } | { into: PortRef }

/** Where a statement stands. */
export interface StatementPlace {
  statement: OutlineStatement
  block: OutlineBlock
  index: number
  /** The way out that leads to the block; null: the block is no part of a statement. */
  parent: { place: StatementPlace; branch: OutlineBranch } | null
}

export type OutlinePlaces = ReadonlyMap<string, StatementPlace>

/** Where every statement stands, by node id, from top to bottom. */
export function placesIn({ main, loose }: Pick<Outline, 'main' | 'loose'>): OutlinePlaces {
  const places = new Map<string, StatementPlace>()
  const visit = (block: OutlineBlock, parent: StatementPlace['parent']) => {
    for (const [index, statement] of block.statements.entries()) {
      const place = { statement, block, index, parent }
      places.set(statement.node.id, place)
      for (const branch of statement.branches) visit(branch.block, { place, branch })
    }
  }
  for (const block of [main, ...loose]) visit(block, null)
  return places
}

/** A gap between statements: what leads into it, and where it leads to. */
export interface OutlineGap {
  from: readonly PortRef[]
  to: string | null
}

/** The gap at a place; null where the outline has no such place. */
export function gapAt(places: OutlinePlaces, place: OutlinePlace): OutlineGap | null {
  if ('into' in place) {
    const { node, port } = place.into
    const branch = places.get(node)?.statement.branches.find((each) => each.port === port)
    return branch ? { from: [place.into], to: firstOf(branch) } : null
  }
  const found = places.get('after' in place ? place.after : place.before)
  if (!found) return null
  if ('after' in place) return { from: waysOut(found.statement), to: behind(found) }
  const { block, index, parent, statement } = found
  const to = statement.node.id
  if (index > 0) return { from: waysOut(block.statements[index - 1]!), to }
  return { from: parent ? [{ node: parent.place.statement.node.id, port: parent.branch.port }] : [], to }
}

function firstOf({ isConnected, block }: OutlineBranch): string | null {
  const [first] = block.statements
  if (first) return first.node.id
  return isConnected ? endOf(block) : null
}

/** The node that the flow comes to behind a statement. */
export function behind({ block, index }: StatementPlace): string | null {
  return block.statements[index + 1]?.node.id ?? endOf(block)
}

function endOf({ tail, follow }: OutlineBlock): string | null {
  if (!tail) return follow
  return tail.kind === 'goto' ? tail.node : null
}

/**
 * The ports through which the flow goes on behind a statement: its own, and those at the open ends of its branches.
 * A branch of a condition with nothing in it goes on too; any other port with nothing behind it does not.
 */
export function waysOut({ node, next, branches }: OutlineStatement): PortRef[] {
  const isChoice = next === null
  const own = next === null ? [] : [{ node: node.id, port: next }]
  return [
    ...own,
    ...branches.flatMap(({ port, isBody, isConnected, block }): PortRef[] => {
      if (isBody || block.tail) return []
      const last = block.statements.at(-1)
      if (last) return waysOut(last)
      return isConnected || (isChoice && port !== ERROR_PORT) ? [{ node: node.id, port }] : []
    }),
  ]
}

/** The nodes of a statement and of everything in its branches, from top to bottom. */
export function nodesIn(statement: OutlineStatement): string[] {
  return [statement.node.id, ...statement.branches.flatMap(({ block }) => block.statements.flatMap(nodesIn))]
}
