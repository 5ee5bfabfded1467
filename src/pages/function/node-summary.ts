import type { Branch } from '../../../nodes/condition/definition.ts'
import type { GraphNode } from '../../../nodes/graph/schema.ts'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import type { MessageTemplate } from '../../../nodes/message-templates/schema.ts'
import type { SmsServiceSummary } from '../../../nodes/services/sms/settings.ts'
import type { Value } from '../../../nodes/values/value.ts'
import type { waitUnits } from '../../../nodes/wait/definition.ts'
import { initiatorLevelOf } from '../../fields/initiator-recipients.ts'
import { valueText } from '../../fields/value-text.ts'
import type { Translate } from '../../i18n/index.ts'

/** What a summary needs from outside the node. */
export interface SummaryLookups {
  t: Translate
  /** `undefined` until they are loaded. */
  services: readonly SmsServiceSummary[] | undefined
  templates?: readonly MessageTemplate[] | undefined
}

/** The line on a node's card: what this node will do, in as few words as possible; empty for nodes without parameters. */
export function summaryOf(node: GraphNode, lookups: SummaryLookups): string {
  const params = node.params as Record<string, unknown>
  switch (node.type) {
    case 'sms-notification':
      return smsSummary(params, lookups)
    case 'condition': {
      const [first, ...others] = (params.branches ?? []) as Branch[]
      if (!first) return ''
      // titles stand at the ports already
      const text = valueText(first.when) || first.title || ''
      return others.length > 0 ? lookups.t('function.summary.more', { text, count: others.length }) : text
    }
    case 'assign-variable':
      return `${String(params.name ?? '')} = ${valueText(params.value as Value | undefined)}`
    case 'return':
      return valueText(params.value as Value | undefined)
    case 'send-code':
      return valueText(params.phone as Value | undefined)
    case 'check-code':
      return valueText(params.code as Value | undefined)
    case 'wait-for-delivery':
      return lookups.t('function.summary.minutes', { count: Number(params.minutes ?? 10) })
    case 'approval':
    case 'cc':
      return approvalSummary(node.type, params, lookups)
    case 'message-notification':
      return noticeSummary(params, lookups)
    case 'find-people':
      return peopleSummary(params, lookups)
    case 'http-request':
      return `${String(params.method ?? 'GET')} ${valueText(params.url as Value | undefined)}`.trim()
    case 'loop':
      return lookups.t('function.summary.each', {
        item: String(params.item ?? 'item'),
        list: valueText(params.list as Value | undefined),
      })
    case 'parallel':
      return lookups.t(params.join === 'first' ? 'function.summary.joinFirst' : 'function.summary.joinAll')
    case 'wait':
      return waitSummary(params, lookups)
    case 'set-item':
      return setItemSummary(params, lookups)
    case 'throw-error':
      return valueText(params.message as Value | undefined)
    case 'call-function':
      return String(params.function ?? '')
    case 'comment':
      return typeof params.text === 'string' ? params.text : ''
    default:
      return ''
  }
}

function waitSummary(params: Record<string, unknown>, { t }: SummaryLookups): string {
  if (params.mode === 'until') {
    return t('function.summary.waitUntil', { moment: valueText(params.until as Value | undefined) })
  }
  const unit = (params.unit ?? 'minutes') as keyof typeof waitUnits
  return t('function.summary.waitFor', {
    amount: valueText(params.amount as Value | undefined),
    unit: t(`nodes.wait.params.unit.options.${unit}.label`),
  })
}

function setItemSummary(params: Record<string, unknown>, { t }: SummaryLookups): string {
  const action = (params.action ?? 'set') as 'set' | 'append' | 'remove'
  const name = String(params.name ?? '')
  if (!name) return t('function.summary.notSetUp')
  return t(`function.summary.${action === 'set' ? 'setItem' : action}`, {
    name,
    key: valueText(params.key as Value | undefined),
    value: valueText(params.value as Value | undefined),
  })
}

function approvalSummary(type: string, params: Record<string, unknown>, { t }: SummaryLookups): string {
  const recipients = (params.recipients ?? []) as Recipient[]
  const [only] = recipients
  if (!only) return t('function.summary.notSetUp')
  const level = recipients.length === 1 ? initiatorLevelOf(only) : undefined
  const who =
    level === undefined
      ? t('function.summary.recipients', { count: recipients.length })
      : level === 0
        ? t('approvals.initiator')
        : t('approvals.supervisor', { level })
  const sign = type === 'approval' ? t(`approvals.signs.${(params.sign ?? 'any') as 'any'}`) : ''
  return [who, sign, params.sms === true ? t('approvals.withText') : ''].filter(Boolean).join(' · ')
}

function noticeSummary(params: Record<string, unknown>, { t }: SummaryLookups): string {
  const recipients = (params.recipients ?? []) as Recipient[]
  const title = valueText(params.title as Value | undefined)
  if (recipients.length === 0 && title === '') return t('function.summary.notSetUp')
  return [t('function.summary.recipients', { count: recipients.length }), title].filter(Boolean).join(' · ')
}

function peopleSummary(params: Record<string, unknown>, { t }: SummaryLookups): string {
  const recipients = (params.recipients ?? []) as Recipient[]
  const [only] = recipients
  if (!only) return t('function.summary.notSetUp')
  if (recipients.length === 1 && only.kind === 'value') return valueText(only.value)
  return t('function.summary.recipients', { count: recipients.length })
}

function smsSummary(params: Record<string, unknown>, { t, services, templates }: SummaryLookups): string {
  const recipients = (params.recipients ?? []) as Recipient[]
  const service = services?.find((each) => each.id === params.service)
  const template =
    params.template === undefined
      ? params[service?.provider === 'alibaba' ? 'templateCode' : 'templateText']
      : templates?.find((each) => each.id === params.template)?.name
  if (recipients.length === 0 && !params.service && !template) return t('function.summary.notSetUp')
  const parts = [
    t('function.summary.recipients', { count: recipients.length }),
    service?.name ?? (params.service && services ? t('function.summary.serviceMissing') : ''),
    typeof template === 'string' ? template.trim() : '',
  ]
  return parts.filter(Boolean).join(' · ')
}
