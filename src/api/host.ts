/**
 * The only door of the editor to the outside. Another application that embeds the editor supplies its own:
 * to add headers, to use another origin, or to answer from memory.
 */
export interface Host {
  /** Answers like `fetch`; `path` begins with `/`. Rejects where no answer came. */
  send(path: string, request: HostRequest): Promise<Response>
  /** Called when the server knows no session: the moment to lead to a sign-in. */
  signedOut?(): void
}

export interface HostRequest {
  method: string
  headers: Record<string, string>
  body?: string | undefined
  signal?: AbortSignal | undefined
}

/** The host that talks HTTP to the server this page came from; the session cookie goes along. */
export function httpHost(signedOut?: () => void): Host {
  return {
    send: (path, request) =>
      fetch(path, {
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal: request.signal ?? null,
        credentials: 'same-origin',
        cache: 'no-store',
      }),
    ...(signedOut && { signedOut }),
  }
}
