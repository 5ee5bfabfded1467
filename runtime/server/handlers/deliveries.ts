import type { OptOut } from '../../../nodes/api/opt-outs.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import { readMessageId } from '../../callbacks/message-token.ts'
import { describeMessage } from '../../engine/describe-run.ts'
import type { OptOutRow } from '../../ledger/opt-outs.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

/** Unknown messages, and who wants no texts. */
export function deliveryHandlers({ unknown, optOuts, services }: Runtime) {
  return {
    listUnknownMessages: ({ query }) =>
      unknown.list({
        before: query.before === undefined ? undefined : idOf(query.before),
        limit: query.limit,
      }),
    async getUnknownMessage({ params }) {
      const { runId, number } = idOf(params.id)
      return unknown.get(runId, number)
    },
    async resolveUnknownMessage({ params, body }) {
      const { runId, number } = idOf(params.id)
      return describeMessage(await unknown.resolve(runId, number, body.as, body.note))
    },
    listOptOuts: async () => (await optOuts.all()).map(describeOptOut),
    async addOptOut({ body }) {
      if (body.serviceId !== '') services.get(body.serviceId)
      const row = { ...body, sender: '', source: 'person', since: optOuts.now() } as const
      if (!(await optOuts.add(row))) {
        throw new FlowError(ErrorCode.Conflict, 'This number is held back already', {
          hint: 'Load the list again.',
        })
      }
      return describeOptOut({ ...row, lifted: undefined, liftedWhy: undefined })
    },
    async liftOptOut({ body }) {
      const { serviceId, phone, reason } = body
      const sources: OptOutRow['source'][] = ['reply', 'provider', 'person']
      const change = { serviceId, phone, sources, at: optOuts.now(), why: reason }
      if (await optOuts.lift(change)) return
      throw new FlowError(ErrorCode.NotFound, 'This number is not held back', {
        hint: 'Load the list again.',
      })
    },
  } satisfies Partial<Handlers>
}

function idOf(text: string) {
  const id = readMessageId(text)
  if (id) return id
  throw new FlowError(ErrorCode.NotFound, 'There is no such message')
}

function describeOptOut(row: OptOutRow): OptOut {
  const { serviceId, phone, source, sender, reason, since, lifted, liftedWhy } = row
  return {
    ...{ serviceId, phone, source, sender, reason },
    since: new Date(since).toISOString(),
    lifted: lifted === undefined ? null : new Date(lifted).toISOString(),
    liftedWhy: liftedWhy ?? null,
  }
}
