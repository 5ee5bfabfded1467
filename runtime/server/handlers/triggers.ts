import type { Run } from '../../../nodes/api/runs.ts'
import type { HookAnswer } from '../../../nodes/api/triggers.ts'
import type { Runtime } from '../../runtime.ts'
import type { AcceptedCall } from '../../triggers/triggers.ts'
import { FailedTries } from '../failed-tries.ts'
import type { Handlers } from '../handler.ts'
import { idempotencyKey } from '../idempotency-key.ts'
import type { WaitingRequests } from '../waiting-requests.ts'
import { overloaded } from './runs.ts'

/** @param waiting requests that wait for the end of their run */
export function triggerHandlers({ triggers }: Runtime, waiting: WaitingRequests) {
  const tries = new FailedTries(Date.now)

  return {
    listTriggers: ({ params }) => triggers.list(params.name),
    createTrigger: ({ params, body }) => triggers.create(params.name, body.settings),
    updateTrigger: ({ params, body }) => triggers.update(params.id, body.settings),
    switchTrigger: ({ params, body }) => triggers.switch(params.id, body.isOn),
    renewTriggerProof: ({ params }) => triggers.renewProof(params.id),
    deleteTrigger: ({ params }) => triggers.delete(params.id),
    triggerLog: ({ params, query }) => triggers.log(params.id, query.limit),
    nextTimes: ({ body }) => ({ times: triggers.nextTimes(body) }),
    listHolidays: () => triggers.holidays.list(),
    replaceHolidays: ({ body }) => triggers.setHolidays(body.holidays),

    fireEvent: ({ params, body, request }) =>
      triggers.event(params.name, body, idempotencyKey(request.headers['idempotency-key'])),

    async callHook({ params, body, request, reply }) {
      if (waiting.isFull) throw overloaded()
      const call = {
        headers: request.headers,
        body: Buffer.from(body),
        idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
      }
      // By path too: behind a proxy all callers share an address, and one of them must not shut the others out.
      const accepted = await triggers.call(params.path, call, (isRight) =>
        tries.try(`${request.ip} ${params.path}`, isRight),
      )
      const answer = await answerOf(accepted, waiting)
      if (answer.status === undefined || isUnderWay(answer.status)) void reply.code(202)
      return answer
    },
  } satisfies Partial<Handlers>
}

function isUnderWay(status: Run['status']): boolean {
  return status === 'queued' || status === 'running' || status === 'quarantined'
}

/** The run once it has ended, or after the time-out as far as it got. */
async function answerOf(call: AcceptedCall, waiting: WaitingRequests): Promise<HookAnswer> {
  const { firing, waitSeconds, started, stop } = call
  let { run } = call
  const end = async () => {
    const handle = await started
    run = handle?.id
    return handle?.finished
  }
  const ended = waitSeconds === 0 ? null : await waiting.wait(end(), waitSeconds)
  stop()
  if (!ended) return run === undefined ? { state: 'waiting', firing } : { state: 'started', firing, run }
  const { id, status, output, error } = ended
  return {
    ...{ state: 'started', firing, run: id, status, output },
    ...(error && { error: { code: error.code, message: error.message } }),
  }
}
