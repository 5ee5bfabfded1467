import type { FastifyReply } from 'fastify'
import type { Run, RunOutcome } from '../../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'
import { idempotencyKey } from '../idempotency-key.ts'
import type { WaitingRequests } from '../waiting-requests.ts'

/** @param waiting requests that wait for the end of their run */
export function runHandlers(runtime: Runtime, waiting: WaitingRequests) {
  /** The run once it has ended, or after so many seconds as far as it got. */
  async function answer<T extends RunOutcome>(
    id: string,
    end: () => Promise<T>,
    waitSeconds: number,
    reply: FastifyReply,
  ): Promise<T | Run> {
    const ended = waitSeconds === 0 ? null : await waiting.wait(end(), waitSeconds)
    const run = ended ?? (await existing(runtime.getRun(id)))
    if (run.finished === null) void reply.code(202).header('location', `/api/runs/${run.id}`)
    return run
  }

  return {
    async startRun({ params, query, body, caller, request, reply }) {
      if (waiting.isFull) throw overloaded()
      const handle = await runtime.startRun({
        functionName: params.name,
        version: query.version,
        input: body,
        trigger: caller === 'page' ? 'page' : query.trigger,
        ...(query.dryRun && { dryRun: query.outcome, usesPins: query.pins && query.version === 'draft' }),
        idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
      })
      return answer(handle.id, () => (query.steps ? handle.finished : handle.outcome), query.wait, reply)
    },
    async testSend({ query, body, request, reply }) {
      if (waiting.isFull) throw overloaded()
      const key = idempotencyKey(request.headers['idempotency-key'])
      const handle = await runtime.testSend(body, key)
      return answer(handle.id, () => handle.finished, query.wait, reply)
    },
    listRuns: async ({ query }) => runtime.messages.withCounts(await runtime.listRuns(query)),
    searchRuns: ({ query }) => runtime.searchRuns(query),
    runGraph: ({ params }) => runtime.runGraph(params.id),
    async runAgain({ params, query, caller, request }) {
      const { id } = await runtime.runAgain(params.id, {
        version: query.version,
        trigger: caller === 'page' ? 'page' : query.trigger,
        ...keyed(idempotencyKey(request.headers['idempotency-key'])),
      })
      return existing(runtime.getRun(id))
    },
    async retryRun({ params, query, caller }) {
      const { id } = await runtime.retryRun(params.id, caller === 'page' ? 'page' : query.trigger)
      return existing(runtime.getRun(id))
    },
    getRun: ({ params }) => existing(runtime.getRun(params.id)),
    async runEvents({ params, query, stream }) {
      const stop = await runtime.watchRun(params.id, (event) => {
        stream.send(event.type, event)
        if (event.type === 'finished' && !query.deliveries) stream.end()
      })
      stream.onClose(stop)
    },
    cancelRun: ({ params }) => existing(runtime.cancelRun(params.id)),
    resumeRun: ({ params }) => existing(runtime.resumeRun(params.id)),
    retryFailed: ({ params, body }) => runtime.retryFailed(params.id, params.path, body),
  } satisfies Partial<Handlers>
}

async function existing(run: Promise<Run | undefined>): Promise<Run> {
  const found = await run
  if (found) return found
  throw new FlowError(ErrorCode.NotFound, 'There is no such run', { hint: 'Look it up in the list of runs.' })
}

function keyed(idempotencyKey: string | undefined) {
  return idempotencyKey === undefined ? {} : { idempotencyKey }
}

export function overloaded(): FlowError {
  return new FlowError(ErrorCode.Overloaded, 'Too many requests are waiting for the end of their runs', {
    hint: 'Try again in a second, or start runs with ?wait=0 and fewer at a time.',
  })
}
