import type { GraphNode } from '../../../../nodes/graph/schema.ts'
import type {
  Outline,
  OutlineBlock,
  OutlineBranch,
  OutlineStatement,
} from '../../../../nodes/outline/outline.ts'
import type { OutlinePlace } from '../../../../nodes/outline/places.ts'

/** One line of the outline. */
export interface OutlineRow {
  key: string
  kind: 'statement' | 'branch' | 'goto' | 'end' | 'comment' | 'section'
  depth: number
  /** Key of the line that this one belongs to. */
  parent: string | null
  /** The node of a statement or comment, of a branch the one it leaves, of a `goto` the one it leads to. */
  node: GraphNode | null
  branch: OutlineBranch | null
  /** True where nothing is connected to a branch, or it leads on without statements. */
  isBare: boolean
  /** Undefined: there is nothing below to open. */
  isExpanded: boolean | undefined
  /** Where a statement is added that is asked for at this line; null: nowhere. */
  place: OutlinePlace | null
}

export interface OutlineRowsOptions {
  node(id: string): GraphNode | undefined
  /** Statements that are opened or closed other than they are by themselves. */
  toggled: ReadonlySet<string>
}

/** The lines of an outline from top to bottom, without those in closed statements. */
export function outlineRows(outline: Outline, { node, toggled }: OutlineRowsOptions): OutlineRow[] {
  const rows: OutlineRow[] = []

  function writeBlock(block: OutlineBlock, depth: number, parent: string | null, start: OutlinePlace | null) {
    for (const statement of block.statements) writeStatement(statement, depth, parent)
    const { tail } = block
    if (!tail) return
    const last = block.statements.at(-1)
    rows.push({
      key: `${parent ?? last?.node.id ?? ''}/${tail.kind}`,
      kind: tail.kind,
      depth,
      parent,
      node: tail.kind === 'goto' ? (node(tail.node) ?? null) : null,
      branch: null,
      isBare: false,
      isExpanded: undefined,
      place: last ? { after: last.node.id } : start,
    })
  }

  function writeStatement(statement: OutlineStatement, depth: number, parent: string | null) {
    const { node: own, branches } = statement
    for (const comment of outline.comments.get(own.id) ?? []) writeComment(comment, depth, parent)
    const isExpanded = branches.length > 0 ? isOpen(statement) !== toggled.has(own.id) : undefined
    rows.push({
      key: own.id,
      kind: 'statement',
      depth,
      parent,
      node: own,
      branch: null,
      isBare: false,
      isExpanded,
      place: { after: own.id },
    })
    if (!isExpanded) return
    const bodies = branches.filter(({ isBody }) => isBody)
    for (const branch of branches) {
      const start = { into: { node: own.id, port: branch.port } }
      const isOnlyBody = branch.isBody && bodies.length === 1 && branch.block.statements.length > 0
      if (isOnlyBody) writeBlock(branch.block, depth + 1, own.id, start)
      else writeBranch(statement, branch, depth + 1, start)
    }
  }

  function writeBranch(
    { node: own }: OutlineStatement,
    branch: OutlineBranch,
    depth: number,
    start: OutlinePlace,
  ) {
    const key = `${own.id}:${branch.port}`
    const isBare = branch.block.statements.length === 0 && branch.block.tail === null
    rows.push({
      key,
      kind: 'branch',
      depth,
      parent: own.id,
      node: own,
      branch,
      isBare,
      isExpanded: isBare ? undefined : !toggled.has(key),
      place: start,
    })
    if (!toggled.has(key)) writeBlock(branch.block, depth + 1, key, start)
  }

  function writeComment(comment: GraphNode, depth: number, parent: string | null) {
    rows.push({
      key: comment.id,
      kind: 'comment',
      depth,
      parent,
      node: comment,
      branch: null,
      isBare: false,
      isExpanded: undefined,
      place: null,
    })
  }

  function writeSection(key: string) {
    const section = { depth: 0, parent: null, node: null, branch: null, isBare: false, place: null }
    rows.push({ key, kind: 'section', isExpanded: undefined, ...section })
  }

  writeBlock(outline.main, 0, null, null)
  if (outline.loose.length > 0) writeSection('loose')
  for (const block of outline.loose) writeBlock(block, 0, null, null)
  if (outline.looseComments.length > 0) writeSection('comments')
  for (const comment of outline.looseComments) writeComment(comment, 0, null)
  return rows
}

/** Ways out that nothing is connected to are in nobody's way until they are asked for. */
function isOpen({ branches, next }: OutlineStatement): boolean {
  return branches.some(
    ({ isBody, isConnected, port }) => isBody || isConnected || (next === null && port !== 'error'),
  )
}
