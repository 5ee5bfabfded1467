import type { Outline, OutlineBlock, OutlineBranch, OutlineStatement } from '../../nodes/outline/outline.ts'
import { emptyShape, heightsOf, placeAbove, placeBelow, put, take, type Shape } from './shapes.ts'

/** What is known of the cards, in canvas units. */
export interface Cards {
  columnOf(id: string): number
  /** What a card takes with its comments, up and down from its upper edge. */
  roomOf(id: string): { above: number; below: number }
  /** How much further down a connection leaves a card than connections arrive at cards. */
  slopeOf(id: string, port: string): number
  /** The ports of a card from top to bottom. */
  portsOf(id: string): readonly string[]
}

/** Where connections arrive, from the upper edge of a card. */
const WIRE = 20

/**
 * How far down the cards of a function stand. What goes on at the port of the next statement goes straight on; what
 * stands at the ports above it, as a body, comes above, and what stands at the ports below it comes below.
 */
export function drawOutline({ main, loose }: Outline, cards: Cards): Map<string, number> {
  const whole = drawBlock(main, cards)
  for (const block of loose) {
    const part = drawBlock(block, cards)
    const floor = Math.max(0, ...[...whole.silhouette.values()].map(({ bottom }) => bottom))
    const roof = Math.min(0, ...[...part.silhouette.values()].map(({ top }) => top))
    put(whole, part, placeBelow(whole, part, whole.silhouette.size > 0 ? floor + 80 - roof : 0))
  }
  return heightsOf(whole)
}

/** The upper edge of the first card is at 0. @param from column of the card that leads to the block */
function drawBlock({ statements, follow }: OutlineBlock, cards: Cards, from = 0): Shape {
  let rest: Shape | null = null
  let after = follow
  for (const statement of [...statements].reverse()) {
    rest = drawStatement(statement, rest, after, cards)
    after = statement.node.id
  }
  return rest ?? emptyShape(from)
}

function drawStatement(
  { node, next, branches }: OutlineStatement,
  rest: Shape | null,
  after: string | null,
  cards: Cards,
): Shape {
  const column = cards.columnOf(node.id)
  const { above, below } = cards.roomOf(node.id)
  const shape: Shape = { ...emptyShape(column), cards: [{ id: node.id, y: 0 }] }
  const end = after === null ? column + 1 : cards.columnOf(after)
  const yOf = (port: string) => cards.slopeOf(node.id, port)
  const ports = cards.portsOf(node.id)
  const placeOf = (port: string) => (ports.includes(port) ? ports.indexOf(port) : ports.length)
  const part = ({ block }: OutlineBranch): Shape => {
    const drawn = drawBlock(block, cards, column)
    if (block.statements.length === 0 && block.follow !== null && block.tail === null) {
      drawWire(drawn, column, cards.columnOf(block.follow), 0)
    }
    return drawn
  }

  if (next !== null) {
    drawWire(shape, column, end, yOf(next))
    if (rest) put(shape, rest, yOf(next))
    shape.end = endOf(rest, yOf(next), column)
  }
  const isUpper = ({ port }: OutlineBranch) => next !== null && placeOf(port) < placeOf(next)
  for (const branch of branches.filter(isUpper).reverse()) {
    const drawn = part(branch)
    put(shape, drawn, placeAbove(shape, drawn, yOf(branch.port)))
  }
  /** The connection that leads furthest to where the branches of a choice meet again: it runs straight. */
  let longest: Shape['end'] | null = null
  for (const branch of branches.filter((each) => !isUpper(each))) {
    const drawn = part(branch)
    const y = placeBelow(shape, drawn, yOf(branch.port))
    put(shape, drawn, y)
    const isMeeting = branch.isConnected && branch.block.tail === null
    if (!isMeeting || (longest && longest.column <= drawn.end.column)) continue
    longest = { column: drawn.end.column, y: y + drawn.end.y }
  }
  if (next === null) {
    const wanted = longest?.y ?? 0
    const y = rest ? placeBelow(shape, rest, wanted) : wanted
    if (rest) put(shape, rest, y)
    shape.end = endOf(rest, y, longest?.column ?? column)
  }
  take(shape, column, -above, below)
  return shape
}

function endOf(rest: Shape | null, y: number, column: number): Shape['end'] {
  return rest ? { column: rest.end.column, y: y + rest.end.y } : { column, y }
}

/** Keeps cards off a connection that goes over several columns. */
function drawWire(shape: Shape, from: number, to: number, y: number) {
  for (let column = from + 1; column < to; column++) take(shape, column, y + WIRE, y + WIRE)
}
