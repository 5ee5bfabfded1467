import type { FastifyReply } from 'fastify'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'

const HEARTBEAT_MS = 15_000
/** Bytes that may wait for a reader before it is cut off; it joins again and starts from a fresh picture. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024
const MAX_STREAMS = 500

/** One open stream of server-sent events. */
export interface EventStream {
  /** @param event name of the event; `data` is written as one line of JSON */
  send(event: string, data: unknown): void
  end(): void
  /** Called once, when the reader has left, was cut off, or the stream has ended. */
  onClose(listener: () => void): void
}

/** All open streams of a server, so that they end with it. */
export class EventStreams {
  readonly #open = new Set<EventStream>()

  /** @throws FlowError `OVERLOADED` */
  open(reply: FastifyReply): EventStream & { start(): void } {
    if (this.#open.size >= MAX_STREAMS) {
      throw new FlowError(ErrorCode.Overloaded, `${MAX_STREAMS} event streams are open already`, {
        hint: 'Close some pages, then try again.',
      })
    }
    const stream = openStream(reply)
    this.#open.add(stream)
    stream.onClose(() => this.#open.delete(stream))
    return stream
  }

  endAll(): void {
    for (const stream of this.#open) stream.end()
  }
}

/** The answer begins with the first event, or when its handler is done: until then the handler may refuse. */
function openStream(reply: FastifyReply): EventStream & { start(): void } {
  const { raw } = reply
  const listeners: (() => void)[] = []
  let heartbeat: NodeJS.Timeout | undefined
  let state: 'waiting' | 'open' | 'closed' = 'waiting'

  function start() {
    if (state !== 'waiting') return
    state = 'open'
    reply.hijack()
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
    })
    raw.flushHeaders()
    heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS)
  }
  function write(text: string) {
    if (state !== 'open') return
    raw.write(text)
    if (raw.writableLength > MAX_WAITING_BYTES) raw.destroy()
  }
  function close() {
    if (state === 'closed') return
    state = 'closed'
    clearInterval(heartbeat)
    for (const listener of listeners) listener()
  }

  raw.once('close', close)
  return {
    start,
    send(event, data) {
      start()
      write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    end() {
      if (state === 'open') raw.end()
      close()
    },
    onClose(listener) {
      if (state === 'closed') listener()
      else listeners.push(listener)
    },
  }
}
