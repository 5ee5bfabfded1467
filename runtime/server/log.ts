import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
import { FlowError } from '../../nodes/errors.ts'

export interface LogOptions {
  /** `warn` unless said otherwise. */
  level?: 'silent' | 'error' | 'warn' | 'info'
  /** Gets one line of JSON per entry; standard output unless said otherwise. */
  stream?: { write(line: string): void }
}

/** Requests are not logged, and an error only as `describeError` puts it: no bodies, numbers, tokens or addresses. */
export function loggerOptions(options: LogOptions = {}): FastifyServerOptions['logger'] {
  return {
    level: options.level ?? 'warn',
    // Fastify's own entries carry these three
    serializers: {
      err: describeError,
      req: ({ method }) => ({ method }),
      res: ({ statusCode }) => ({ statusCode }),
    },
    ...(options.stream && { stream: options.stream }),
  }
}

export function logFailure(log: FastifyBaseLogger, error: unknown, method: string, route = 'none'): void {
  log.error({ error: describeError(error), method, route }, 'A request failed')
}

/** A message stays out, unless it is our own: it may quote what somebody sent. */
function describeError(error: unknown): { type: string; code: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, code: '', message: '', stack: '' }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    code: typeof code === 'string' ? code : '',
    message: error instanceof FlowError ? error.message : '',
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8)
      .join('\n'),
  }
}
