import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function inboxHandlers({ inbox }: Runtime) {
  return {
    listInbox: ({ params, query }) => inbox.list(params.member, query),
    countUnread: ({ params }) => ({ unread: inbox.unread(params.member) }),
    markInboxEntry: ({ params, body }) => inbox.mark(params.member, params.id, body.read),
    markInboxRead: ({ params }) => inbox.markAllRead(params.member),
    inboxEvents({ params, stream }) {
      stream.onClose(inbox.watch(params.member, (event) => stream.send(event.type, event)))
    },
  } satisfies Partial<Handlers>
}
