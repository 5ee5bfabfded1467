import type { FastifyRequest } from 'fastify'
import { mayDo } from '../../../nodes/api/rights.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'
import { idempotencyKey } from '../idempotency-key.ts'

export function approvalHandlers({ requests, accounts }: Runtime) {
  const lookerOf = ({ member }: FastifyRequest) => ({
    member,
    // whoever came in by the start link or a token is an administrator
    mayOperate: mayDo(member === null ? 'administrator' : (accounts.roleOf(member) ?? 'member'), 'operate'),
  })
  const view = (id: string, request: FastifyRequest) => requests.view(id, lookerOf(request))

  return {
    listProcesses: ({ request }) => requests.processes(memberOf(request)),
    getRequestDraft: ({ params, request }) => requests.draft(memberOf(request), params.name),
    saveRequestDraft: ({ params, body, request }) =>
      requests.saveDraft(memberOf(request), params.name, body.input),
    deleteRequestDraft: ({ params, request }) => requests.deleteDraft(memberOf(request), params.name),
    initiateRequest: ({ params, body, request }) =>
      requests.initiate(
        memberOf(request),
        params.name,
        body.input,
        idempotencyKey(request.headers['idempotency-key']),
      ),
    countWorklist: ({ request }) => requests.counts(memberOf(request)),
    listWorklist: ({ params, query, request }) => requests.worklist(memberOf(request), params.box, query),
    getRequest: ({ params, request }) => view(params.id, request),
    decideTask({ params, body, request }) {
      requests.decide(memberOf(request), params.id, body)
      return view(params.id, request)
    },
    async revokeRequest({ params, body, request }) {
      await requests.revoke(memberOf(request), params.id, body.comment)
      return view(params.id, request)
    },
    async resubmitRequest({ params, body, request }) {
      await requests.resubmit(memberOf(request), params.id, body.input)
      return view(params.id, request)
    },
    async urgeRequest({ params, request }) {
      await requests.urge(memberOf(request), params.id)
      return view(params.id, request)
    },
    listColleagues({ query, request }) {
      memberOf(request)
      return requests.colleagues(query.search)
    },
    listDelegations: ({ request }) => requests.delegations(memberOf(request)),
    createDelegation: ({ body, request }) => requests.delegate(memberOf(request), body),
    deleteDelegation: ({ params, request }) => requests.endDelegation(memberOf(request), params.id),
    readDecideLink: ({ params }) => requests.link(params.token),
    useDecideLink: ({ params, body }) => requests.decideByLink(params.token, body.action, body.comment),
    monitorRequests: ({ query }) => requests.monitor(query),
    reassignStep({ params, body, request }) {
      requests.reassign(params.id, body, request.member)
      return view(params.id, request)
    },
    async cancelRequest({ params, body, request }) {
      await requests.cancel(params.id, body.comment, request.member)
      return view(params.id, request)
    },
    textAgain({ params, body, request }) {
      requests.textAgain(params.id, body.task, request.member)
      return view(params.id, request)
    },
  } satisfies Partial<Handlers>
}

/** @throws FlowError `FORBIDDEN` for whoever came in by the start link or a token */
function memberOf({ member }: FastifyRequest): string {
  if (member !== null) return member
  throw new FlowError(ErrorCode.Forbidden, 'Only a member who signed in has requests of their own', {
    hint: 'Sign in by a code on the phone.',
  })
}
