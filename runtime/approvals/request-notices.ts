import type { Inbox } from '../inbox/inbox.ts'
import { translate } from '../../nodes/locales/index.ts'
import type { Locale } from '../../nodes/locales/index.ts'
import { MAX_TEXT, MAX_TITLE } from '../../nodes/inbox.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Person, RequestRow } from './rows.ts'

interface NoticeOf {
  request: RequestRow
  person: Person
  kind: 'asked' | 'urged' | 'reminded' | 'copied' | 'returned' | 'paused' | 'ended'
  /** Title of the step; empty: none. */
  step: string
}

/** Tells people of requests in the application itself, each in their own language. */
export class RequestNotices {
  readonly #inbox: Inbox
  readonly #surroundings: Surroundings
  readonly #localeOf: (member: string) => Locale

  constructor(inbox: Inbox, surroundings: Surroundings, localeOf: (member: string) => Locale) {
    this.#inbox = inbox
    this.#surroundings = surroundings
    this.#localeOf = localeOf
  }

  /** Part of a transaction. @returns tells those who watch, once it is on the disk */
  put({ request, person, kind, step }: NoticeOf): () => void {
    const locale = this.#localeOf(person.member)
    const key = kind === 'ended' ? `approvals.notices.ended.${request.state}` : `approvals.notices.${kind}`
    const facts = { title: request.title, initiator: request.initiatorName, step }
    const id = this.#surroundings.newId()
    return this.#inbox.put({
      id,
      memberId: person.member,
      runId: request.runId,
      functionName: request.functionName,
      path: `request:${id}`,
      title: translate(locale, `${key}.title`, facts).slice(0, MAX_TITLE),
      text: translate(locale, `${key}.text`, facts).slice(0, MAX_TEXT),
      link: `/#/request/${request.id}`,
      created: this.#surroundings.now().getTime(),
    })
  }
}
