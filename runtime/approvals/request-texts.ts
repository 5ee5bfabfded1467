import { z } from 'zod'
import { smsParams } from '../../nodes/approval/sms-text.ts'
import type { SmsSwitch } from '../../nodes/approval/sms-switch.ts'
import { defineNode } from '../../nodes/define.ts'
import { resolveRecipients } from '../../nodes/directory/resolve-recipients.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { defineExecutor } from '../../nodes/execution.ts'
import type { ExecutionContext, NodeExecutor } from '../../nodes/execution.ts'
import { GRAPH_FORMAT } from '../../nodes/graph/schema.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { translate } from '../../nodes/locales/index.ts'
import type { Locale } from '../../nodes/locales/index.ts'
import { CODE_MASK } from '../../nodes/login/mobile-login.ts'
import type { PlannedMessage } from '../../nodes/messages.ts'
import { chosenService, planMessages, prepareTexts } from '../../nodes/sms-notification/prepare.ts'
import type { WithheldCodes } from '../engine/withheld-codes.ts'
import type { RunHandle, StartRun } from '../runtime.ts'
import type { Surroundings } from '../surroundings.ts'
import type { ApprovalStore } from './approval-store.ts'
import { LINK_MS } from './decide-links.ts'
import type { DecideLinks } from './decide-links.ts'
import type { Person, RequestRow, TextRow } from './rows.ts'

/** The function name of the runs that text about requests. */
export const TEXT_FUNCTION = 'request-text'

/** Only in the runs that this file makes: no palette shows it. */
const requestText = defineNode({
  type: 'request-text',
  version: 1,
  menu: ['approval'],
  icon: 'message-square-text',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({}),
  defaults: () => ({}),
  result: null,
})

/** The function of these runs: each is one text to one person, claimed and recorded like any other. */
export const requestTextGraph: Graph = {
  format: GRAPH_FORMAT,
  id: TEXT_FUNCTION,
  name: TEXT_FUNCTION,
  title: 'Text about a request',
  description: '',
  inputs: [{ name: 'text', title: '', type: 'text', required: true }],
  nodes: [
    { id: 'start', type: 'start', typeVersion: 1, position: { x: 0, y: 0 }, params: {} },
    { id: 'text', type: requestText.type, typeVersion: 1, position: { x: 320, y: 0 }, params: {} },
  ],
  connections: [{ id: 'start', from: { node: 'start', port: 'next' }, to: { node: 'text', port: 'in' } }],
}

export interface RequestTextsOptions {
  store: ApprovalStore
  surroundings: Surroundings
  links: DecideLinks
  withheld: WithheldCodes
  /** Where people reach the page: `https://sms.example.com`. */
  origin: () => string
  localeOf: (member: string) => Locale
  start: (request: StartRun) => Promise<RunHandle>
  /** Calls back in a while: the engine takes nothing at the moment. */
  later: (callback: () => void) => void
  unforeseen: (error: unknown) => void
}

export interface TextOf {
  person: Person
  kind: TextRow['kind']
  step: string
  sms: SmsSwitch
  /** Milliseconds until it leaves; at once unless said otherwise. */
  delay?: number
  task?: string
  decides?: boolean
}

/** Texts about requests. Each is a row first and then a run of its own, once, whatever happens in between. */
export class RequestTexts {
  readonly #on: RequestTextsOptions
  #isHanding = false
  #isClosed = false

  constructor(options: RequestTextsOptions) {
    this.#on = options
  }

  close(): void {
    this.#isClosed = true
  }

  /** Part of a transaction. */
  plan(request: RequestRow, { person, kind, step, sms, delay = 0, task, decides = false }: TextOf): void {
    const { surroundings, store } = this.#on
    const result =
      kind === 'ended' ? translate(this.#on.localeOf(person.member), `approvals.states.${request.state}`) : ''
    store.insertText({
      ...{ id: surroundings.newId(), requestId: request.id, taskId: task ?? null },
      ...{ member: person.member, name: person.name, kind, step, state: 'due', runId: null },
      plan: {
        sms,
        decides: decides && task !== undefined,
        given: {
          processTitle: request.title,
          userNick: person.name,
          stepTitle: step,
          initiatorName: request.initiatorName,
          result,
        },
      },
      due: surroundings.now().getTime() + delay,
    })
  }

  /** Hands over every text whose time has come. */
  hand(): void {
    if (this.#isHanding || this.#isClosed) return
    this.#isHanding = true
    this.#handAll()
      .catch((error: unknown) => {
        this.#on.unforeseen(error)
        this.#on.later(() => this.hand())
      })
      .finally(() => (this.#isHanding = false))
  }

  async #handAll(): Promise<void> {
    const { store, surroundings, start } = this.#on
    for (;;) {
      store.takeDueTexts(surroundings.now().getTime())
      const ids = store.textsWithoutRun()
      if (ids.length === 0 || this.#isClosed) return
      for (const id of ids) {
        const run = await start({
          ...{ graph: requestTextGraph, input: { text: id }, trigger: 'approval', idempotencyKey: id },
        })
        store.setTextRun(id, run.id)
      }
    }
  }

  /** What these runs do. */
  executor(): NodeExecutor<typeof requestText.params> {
    return defineExecutor(requestText, async (_, context) => {
      const row = this.#on.store.text(String(context.evaluate({ kind: 'variable', path: 'text' })))
      if (!row) throw new FlowError(ErrorCode.NotFound, 'The request of this text is not there any more')
      const task = row.plan.decides ? row.taskId : null
      if (task !== null) {
        const until = this.#on.surroundings.now().getTime() + LINK_MS
        this.#on.withheld.keep(row.id, this.#on.links.tokenFor(task), until)
      }
      await (context.resumeMessages?.() ?? context.sendMessages(await this.#messages(row, task, context)))
      return { port: 'next' }
    })
  }

  async #messages(row: TextRow, task: string | null, context: ExecutionContext): Promise<PlannedMessage[]> {
    const { sms, given } = row.plan
    const place = task === null ? `request/${row.requestId}` : `decide/${CODE_MASK}`
    const params = smsParams(sms, { ...given, link: `${this.#on.origin()}/#/${place}` })
    const service = chosenService(params, context)
    const people = await resolveRecipients([{ kind: 'member', id: row.member }], context)
    const messages = planMessages(people, prepareTexts(params, service, context), service, context)
    return task === null ? messages : messages.map((each) => ({ ...each, withheld: row.id }))
  }
}
