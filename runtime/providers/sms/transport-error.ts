/** Why a wire request ended without a whole answer. Holds a code and a phase only: no URL, header or body. */
export class TransportError extends Error {
  /** Node's code (`ECONNREFUSED`, `ENOTFOUND`, a TLS code) or one of ours (`TIMEOUT`, `CONNECTION_CLOSED`, …). */
  readonly code: string
  /** False only where certainly no byte of the request left. */
  readonly sent: boolean

  constructor(code: string, { sent }: { sent: boolean }) {
    super(`${code} ${sent ? 'after' : 'before'} the request was written`)
    this.name = 'TransportError'
    this.code = code
    this.sent = sent
  }
}

/** undici's codes in words that mean something to the people who read them. */
const ownCodes: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  UND_ERR_SOCKET: 'CONNECTION_CLOSED',
  UND_ERR_ABORTED: 'ABORTED',
  UND_ERR_DESTROYED: 'ABORTED',
  UND_ERR_CLOSED: 'ABORTED',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'CONNECTION_CLOSED',
  UND_ERR_HEADERS_OVERFLOW: 'ANSWER_TOO_LARGE',
}

/** Keeps the code of undici's or Node's error and drops the rest, which may hold addresses and bodies. */
export function transportError(error: Error, phase: { sent: boolean }): TransportError {
  if (error instanceof TransportError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'NETWORK'
  return new TransportError(code.startsWith('HPE_') ? 'ANSWER_UNREADABLE' : (ownCodes[code] ?? code), phase)
}
