import type { IncomingMessage } from 'node:http'
import type { WireRequest } from './wire.ts'

/** Longest request body: a SendBatchSms of 100 long texts stays far below. */
const MAX_BODY_BYTES = 1 << 20

/**
 * Calls back once when the whole request is there; never for an upload that broke off.
 * A body that is too large comes as an empty one with `tooLarge`, and what else arrives of it is thrown away.
 */
export function readRequest(
  request: IncomingMessage,
  done: (wire: WireRequest, tooLarge: boolean) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    const wasTooLarge = size > MAX_BODY_BYTES
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    else if (!wasTooLarge) done(toWireRequest(request, Buffer.alloc(0)), true)
  })
  request.on('end', () => {
    if (size > MAX_BODY_BYTES) return
    done(toWireRequest(request, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)), false)
  })
  request.on('error', () => request.destroy())
}

function toWireRequest(request: IncomingMessage, body: Buffer): WireRequest {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body,
  }
}
