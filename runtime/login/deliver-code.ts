import { z } from 'zod'
import { defineNode } from '../../nodes/define.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { defineExecutor } from '../../nodes/execution.ts'
import type { NodeExecutor } from '../../nodes/execution.ts'
import { GRAPH_FORMAT } from '../../nodes/graph/schema.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { CODE_MASK, CODE_PLACEHOLDER } from '../../nodes/login/mobile-login.ts'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import type { MessageForm, PlannedMessage } from '../../nodes/messages.ts'
import { renderTemplate } from '../../nodes/services/sms/template.ts'
import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import type { CodeRow } from './code-store.ts'

/** The function name of the runs that text codes. */
export const CODE_FUNCTION = 'verification-code'

const params = z.strictObject({})

/** Only in the runs that this file makes: no palette shows it. */
const deliverCode = defineNode({
  type: 'deliver-code',
  version: 1,
  menu: ['service', 'verification-code'],
  icon: 'key-round',
  input: 'in',
  outputs: ['next'],
  params,
  defaults: () => ({}),
  result: null,
})

export interface CodeWords {
  find: (challenge: string) => CodeRow | undefined
  method: (id: string) => LoginMethod | undefined
  service: (id: string) => SmsServiceSummary | undefined
  /** Of a template that is kept at the service's provider, where it was read from there. */
  providerText: (serviceId: string, code: string) => string | undefined
  /** Of this server's own page, for phones that fill in codes; undefined where it is not known. */
  host: () => string | undefined
}

/** Texts one code: a message like any other, claimed before it leaves and recorded as what became of it. */
export function deliverCodeExecutor(words: CodeWords): NodeExecutor<typeof params> {
  return defineExecutor(deliverCode, async (_, context) => {
    const before = context.resumeMessages?.()
    const challenge = String(context.evaluate({ kind: 'variable', path: 'challenge' }))
    await (before ?? context.sendMessages([codeMessage(challenge, words)]))
    return { port: 'next' }
  })
}

/** The function of these runs: each shows when a code was texted and what became of it. */
export const codeGraph: Graph = {
  format: GRAPH_FORMAT,
  id: CODE_FUNCTION,
  name: CODE_FUNCTION,
  title: 'Verification code',
  description: '',
  inputs: [{ name: 'challenge', title: '', type: 'text', required: true }],
  nodes: [
    { id: 'start', type: 'start', typeVersion: 1, position: { x: 0, y: 0 }, params: {} },
    { id: 'code', type: deliverCode.type, typeVersion: 1, position: { x: 320, y: 0 }, params: {} },
  ],
  connections: [{ id: 'start', from: { node: 'start', port: 'next' }, to: { node: 'code', port: 'in' } }],
}

/** The text of a code, with a mask in its place. @throws FlowError `SERVICE_MISSING`, `NOT_FOUND` */
export function codeMessage(
  challenge: string,
  { find, method: methodOf, service, providerText, host }: CodeWords,
): PlannedMessage {
  const row = find(challenge)
  const method = row && methodOf(row.method)
  if (!method) throw new FlowError(ErrorCode.NotFound, 'The code, or its login method, is not there any more')
  const summary = service(method.service)
  if (!summary) {
    throw new FlowError(
      ErrorCode.ServiceMissing,
      `The SMS service of "${method.name}" does not exist any more`,
    )
  }
  const isTemplate = smsProviders[summary.provider].template === 'code'
  return {
    memberId: '',
    name: '',
    phone: row.phone,
    reasons: [],
    serviceId: method.service,
    ...(isTemplate ? codeTemplate(method, providerText) : { text: textOf(method, host()) }),
    essential: true,
    urgent: true,
    withheld: challenge,
  }
}

function codeTemplate(
  { service, templateCode = '' }: LoginMethod,
  providerText: CodeWords['providerText'],
): MessageForm {
  const templateVariables = { [CODE_PLACEHOLDER]: CODE_MASK }
  const text = providerText(service, templateCode)
  const shown = text === undefined ? {} : { shown: renderTemplate(text, templateVariables) }
  return { templateCode, templateVariables, ...shown }
}

/** @see https://wicg.github.io/sms-one-time-codes/ for the last line */
function textOf({ templateText = '', autofill }: LoginMethod, host: string | undefined): string {
  const text = renderTemplate(templateText, { [CODE_PLACEHOLDER]: CODE_MASK })
  return autofill && host !== undefined ? `${text}\n\n@${host} #${CODE_MASK}` : text
}
