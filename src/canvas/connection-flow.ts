import { Flow, type PickParams, type SocketData } from 'rete-connection-plugin'
import type { ClassicScheme } from 'rete-connection-plugin/_types/types'
import type { PortRef } from '../stores/graph-document.ts'
import type { FlowArea } from './flow-area.ts'
import type { Point } from './geometry.ts'
import type { NodeBox } from './node-box.ts'
import { inputPoint, outputPoint } from './node-shape.ts'
import type { Wire } from './wire.ts'

/** A wire on the pointer. One end is fixed to a port, the other follows. */
interface HeldWire {
  socket: SocketData
  fixed: PortRef
  side: SocketData['side']
  /** Id of the connection that was taken off an input; `null` for a new wire. */
  lifted: string | null
  startedAt: Point
}

export type Drop =
  | { kind: 'connect'; from: PortRef; to: PortRef; lifted: string | null }
  /** Let go where nothing is. */
  | { kind: 'nothing'; from: PortRef | null; lifted: string | null }
  /** The output was clicked, not dragged. */
  | { kind: 'click'; from: PortRef }

export interface ConnectionFlowOptions {
  area: FlowArea
  mayDraw(): boolean
  /** The connection that is taken off an input when a wire is dragged from there, if any. */
  liftedFrom(input: PortRef): { id: string; from: PortRef } | null
  refusal(from: PortRef, to: PortRef, lifted: string | null): string | null
  dropped(drop: Drop): void
}

/** Screen pixels: a shorter way of the pointer is a click. */
const CLICK_DISTANCE = 4
/** Canvas units around a node in which a wire finds its port. */
const REACH = 16

/**
 * How a connection is drawn. Rete's classic flow needs both ports in the page and throws where one is not mounted;
 * this one finds ports by the shape of the nodes, so any part of a node takes a wire, at every zoom.
 */
export class ConnectionFlow extends Flow<ClassicScheme, never[]> {
  readonly #options: ConnectionFlowOptions
  #held: HeldWire | null = null

  constructor(options: ConnectionFlowOptions) {
    super()
    this.#options = options
  }

  async pick({ socket, event }: PickParams): Promise<void> {
    if (event === 'up') this.drop()
    else if (!this.#held && this.#options.mayDraw()) this.#held = this.#hold(socket)
  }

  getPickedSocket(): SocketData | undefined {
    return this.#held?.socket
  }

  drop(): void {
    const held = this.#held
    if (!held) return
    const { area, dropped } = this.#options
    this.#held = null
    const way = Math.hypot(area.area.pointer.x - held.startedAt.x, area.area.pointer.y - held.startedAt.y)
    if (way * area.scale < CLICK_DISTANCE) {
      if (held.side === 'output' && !held.lifted) dropped({ kind: 'click', from: held.fixed })
      return
    }
    const ends = this.#endsAt(held, area.area.pointer)
    if (ends) dropped({ kind: 'connect', ...ends, lifted: held.lifted })
    else dropped({ kind: 'nothing', from: held.side === 'output' ? held.fixed : null, lifted: held.lifted })
  }

  /** Lets go of the wire without consequences. */
  cancel(): void {
    this.#held = null
  }

  get lifted(): string | null {
    return this.#held?.lifted ?? null
  }

  /** The wire on the pointer as it is to be drawn, and why it may not end here. */
  pending(): { wire: Wire; refusal: string | null } | null {
    if (!this.#held) return null
    const { area, refusal } = this.#options
    const ends = this.#endsAt(this.#held, area.area.pointer)
    const free = area.area.pointer
    const source = this.#held.side === 'output' ? this.#held.fixed : ends?.from
    const target = this.#held.side === 'input' ? this.#held.fixed : ends?.to
    const start = source ? this.#place(source, 'output') : free
    const end = target ? this.#place(target, 'input') : free
    return {
      wire: { x1: start.x, y1: start.y, x2: end.x, y2: end.y },
      refusal: ends ? refusal(ends.from, ends.to, this.#held.lifted) : null,
    }
  }

  #hold(socket: SocketData): HeldWire {
    const { area, liftedFrom } = this.#options
    const port = { node: socket.nodeId, port: socket.key }
    const startedAt = { ...area.area.pointer }
    const lifted = socket.side === 'input' ? liftedFrom(port) : null
    if (!lifted) return { socket, fixed: port, side: socket.side, lifted: null, startedAt }
    const output = { ...socket, side: 'output' as const, nodeId: lifted.from.node, key: lifted.from.port }
    return { socket: output, fixed: lifted.from, side: 'output', lifted: lifted.id, startedAt }
  }

  #endsAt(held: HeldWire, place: Point): { from: PortRef; to: PortRef } | null {
    const box = this.#options.area.nodeAt(place, REACH)
    if (!box) return null
    if (held.side === 'output') {
      return box.shape.input && { from: held.fixed, to: { node: box.id, port: box.shape.input.port } }
    }
    const port = nearestOutput(box, place)
    return port === null ? null : { from: { node: box.id, port }, to: held.fixed }
  }

  #place({ node, port }: PortRef, side: SocketData['side']): Point {
    const box = this.#options.area.boxes.get(node)
    if (!box) return this.#options.area.area.pointer
    const offset = side === 'output' ? outputPoint(box.shape, port) : inputPoint(box.shape)
    return { x: box.x + offset.x, y: box.y + offset.y }
  }
}

function nearestOutput({ y, shape }: NodeBox, place: Point): string | null {
  let nearest: { port: string; distance: number } | null = null
  for (const output of shape.outputs) {
    const distance = Math.abs(y + output.y - place.y)
    if (!nearest || distance < nearest.distance) nearest = { port: output.port, distance }
  }
  return nearest?.port ?? null
}
