import type { FlowArea } from './flow-area.ts'
import type { NodeBox } from './node-box.ts'

export type Direction = 'next' | 'previous' | 'up' | 'down' | 'first' | 'last'

/**
 * Where the focus goes from a node by keyboard: along the wires with `next` and `previous`, between nodes that follow
 * the same node with `up` and `down`; without such a sibling to the nearest node above or below.
 * @returns the node to go to; `null` where there is none
 */
export function walk(
  area: Pick<FlowArea, 'boxes' | 'wires'>,
  from: string | null,
  direction: Direction,
): string | null {
  const order = [...area.boxes.values()].sort(byPlace)
  const start = from === null ? undefined : area.boxes.get(from)
  if (!start) return order[0]?.id ?? null
  if (direction === 'first') return order[0]!.id
  if (direction === 'last') return order.at(-1)!.id
  const wires = [...area.wires.values()]
  if (direction === 'next') {
    const leaving = wires.filter((wire) => wire.from === start).sort((a, b) => a.output.y - b.output.y)
    return leaving[0]?.to.id ?? null
  }
  const before = wires.filter((wire) => wire.to === start).map((wire) => wire.from)
  if (direction === 'previous') return before.sort(byPlace)[0]?.id ?? null
  const siblings = new Set(wires.filter((wire) => before.includes(wire.from)).map((wire) => wire.to))
  return beside(start, [...siblings], direction) ?? beside(start, order, direction)
}

function beside(start: NodeBox, others: NodeBox[], direction: 'up' | 'down'): string | null {
  const sign = direction === 'down' ? 1 : -1
  let found: NodeBox | null = null
  let nearest = Infinity
  for (const other of others) {
    const ahead = (other.y - start.y) * sign
    if (other === start || ahead <= 0) continue
    const distance = ahead + 2 * Math.abs(other.x - start.x)
    if (distance >= nearest) continue
    nearest = distance
    found = other
  }
  return found?.id ?? null
}

function byPlace(a: NodeBox, b: NodeBox): number {
  return a.x - b.x || a.y - b.y || (a.id < b.id ? -1 : 1)
}
