import { ErrorCode, FlowError } from '../errors.ts'
import type { Json } from '../json.ts'
import { translate } from '../locales/index.ts'
import type { Reader } from '../message-templates/placeholder-text.ts'
import { messageRenderer } from '../message-templates/render-message.ts'
import type { MessageTemplate } from '../message-templates/schema.ts'
import type { TemplateProblem } from '../message-templates/template-problem.ts'
import type { MessageBody, MessageError, MessageForm, PlannedMessage } from '../messages.ts'
import { withFailOver } from '../services/sms/fail-over.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import type { Value } from '../values/value.ts'
import type { PreparedText, PreparedTexts } from './prepare.ts'

/** What templates are read from and values are computed with. */
interface TemplateContext {
  evaluate(value: Value): Json
  failOverServices?(id: string): readonly SmsServiceSummary[]
  messageTemplate(id: string): MessageTemplate | undefined
}

/** @throws FlowError `TEMPLATE_UNUSABLE` */
export function chosenTemplate(
  id: string,
  context: Pick<TemplateContext, 'messageTemplate'>,
): MessageTemplate {
  const template = context.messageTemplate(id)
  if (template) return template
  throw new FlowError(
    ErrorCode.TemplateUnusable,
    'The message template of this step does not exist any more',
    { hint: 'Open the node and choose a message template.', params: { reason: 'messageTemplateMissing' } },
  )
}

/**
 * The texts of a step that sends a message template: everybody reads their own language. Whoever's text cannot be made
 * is planned as skipped, with the reason.
 * @throws FlowError `TEMPLATE_UNUSABLE` where the template is gone, FormulaError
 */
export function templateTexts(
  id: string,
  variables: Readonly<Record<string, Value>>,
  service: SmsServiceSummary,
  context: TemplateContext,
): PreparedTexts {
  const template = chosenTemplate(id, context)
  const values: Record<string, Json> = {}
  for (const { name } of template.placeholders) {
    if (Object.hasOwn(variables, name)) values[name] = context.evaluate(variables[name]!)
  }
  const render = messageRenderer(template, service, values)
  const others = (context.failOverServices?.(service.id) ?? []).map((other) => ({
    id: other.id,
    render: messageRenderer(template, other, values),
  }))
  const formsFor = (person: Reader) =>
    others.flatMap((other): [string, MessageForm][] => {
      const message = other.render(person)
      return 'body' in message ? [[other.id, message.body]] : []
    })
  const prepared = new Map<unknown, PreparedText>()
  const textFor: PreparedTexts['bodyFor'] = (person) => {
    const message = render(person)
    // Where services of other languages take over, who reads the same of the first may not read the same of them.
    const key = others.length === 0 ? message : `${person.locale ?? ''} ${person.timeZone ?? ''}`
    let text = prepared.get(key)
    if (!text) {
      text =
        'problem' in message
          ? untextable(template, message.problem)
          : carried(template, withFailOver(message.body, formsFor(person)))
      prepared.set(key, text)
    }
    return text
  }
  const { skipped: _, error: __, ...common } = textFor({})
  return { common, template: template.name, bodyFor: textFor }
}

function carried({ category }: MessageTemplate, body: MessageBody): PreparedText {
  return { ...body, ...(category !== 'notice' && { essential: true, urgent: true }) }
}

function untextable(template: MessageTemplate, problem: TemplateProblem): PreparedText {
  return { skipped: 'no-text', error: templateError(template, problem) }
}

/** Why a person gets no text, for people and programs: the place and what to do about it. */
function templateError({ name }: MessageTemplate, { key, params }: TemplateProblem): MessageError {
  const reason = `template.${key}`
  return {
    code: ErrorCode.TemplateUnusable,
    about: 'content',
    message: `The message template "${name}" cannot be sent: ${translate('en', `problems.${reason}`, params)}`,
    hint: translate('en', `errors.${ErrorCode.TemplateUnusable}.hint`),
    params: { ...params, reason, template: name },
  }
}

/**
 * A fault that keeps the text from everybody is the step's own.
 * @throws FlowError `TEMPLATE_UNUSABLE` where there is somebody to text and nobody's text could be made
 */
export function refuseTextless(messages: readonly PlannedMessage[]): void {
  const first = messages.find(({ skipped }) => skipped === 'no-text')?.error
  if (!first || messages.some(({ skipped }) => skipped === undefined)) return
  const { message, hint, params } = first
  throw new FlowError(ErrorCode.TemplateUnusable, message, { hint, params })
}
