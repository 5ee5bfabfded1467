import { branch } from '../../../../nodes/condition/definition.ts'
import { recipient, type NamedRecipient, type Recipient } from '../../../../nodes/directory/schema.ts'
import type { Json } from '../../../../nodes/json.ts'
import type { MessageTemplate } from '../../../../nodes/message-templates/schema.ts'
import { success } from '../../../../nodes/sms-notification/success.ts'
import { mixedTextWords } from '../../../../nodes/values/mixed-text.ts'
import { value as valueSchema, type Value } from '../../../../nodes/values/value.ts'
import type { FormField } from '../../../forms/form-fields.ts'
import type { Translate } from '../../../i18n/index.ts'

export interface ParamLookups {
  t: Translate
  has(key: string): boolean
  services: readonly { id: string; name: string }[]
  templates: readonly Pick<MessageTemplate, 'id' | 'name'>[]
  /** The name of a member, department or role; `undefined` where the directory does not have it. */
  nameOf(named: NamedRecipient): string | undefined
  /** The title of a node. */
  titleOf(nodeId: string): string
}

/** Longest text of something that has no words of its own. */
const MOST_JSON = 160

/**
 * One parameter, or one part of it, as Set Parameters would show it; empty for nothing.
 * @param field the parameter's field; missing where this version does not know it
 */
export function paramText(
  field: FormField | undefined,
  path: readonly string[],
  param: Json | undefined,
  nodeType: string,
  lookups: ParamLookups,
): string {
  const { t, has, services, templates } = lookups
  const isWhole = path.length === 1
  const shown = param === undefined && isWhole ? (field?.fallback as Json | undefined) : param
  if (shown === undefined) return field?.control === 'sms-step' && isWhole ? t(lastStep) : ''
  const isList = field?.control === 'recipients' || field?.control === 'branches'
  switch (isWhole || isList ? field?.control : undefined) {
    case 'recipients':
      return listText(shown, (each) => recipientText(each, lookups))
    case 'branches':
      return listText(shown, (each) => branchText(each, lookups))
    case 'sms-service':
      return services.find(({ id }) => id === shown)?.name ?? t('function.service.missing')
    case 'message-template':
      return templates.find(({ id }) => id === shown)?.name ?? t('versions.changes.templateMissing')
    case 'sms-step':
      return lookups.titleOf(String(shown))
    case 'select': {
      const key = `nodes.${nodeType}.params.${path[0]}.options.${String(shown)}.label` as const
      return has(key) ? t(key) : String(shown)
    }
    case 'success': {
      const read = success.safeParse(shown)
      if (!read.success) return plainText(shown, lookups)
      const label = t(`function.success.${read.data.kind}.label`)
      return 'count' in read.data ? `${label}: ${read.data.count}` : label
    }
    default:
      return plainText(shown, lookups)
  }
}

const lastStep = 'nodes.wait-for-delivery.params.step.last'

function listText(param: Json, text: (item: Json) => string): string {
  return Array.isArray(param) ? param.map(text).join(', ') : text(param)
}

function recipientText(item: Json, lookups: ParamLookups): string {
  const read = recipient.safeParse(item)
  if (!read.success) return plainText(item, lookups)
  const each: Recipient = read.data
  if (each.kind === 'value') return valueWords(each.value, lookups)
  const { t } = lookups
  const name = lookups.nameOf(each) ?? t('function.recipients.gone')
  switch (each.kind) {
    case 'department':
      return each.includeSubDepartments ? t('function.recipients.subDepartmentsOf', { name }) : name
    case 'leaders': {
      const leaders = t('function.recipients.leadersOf', { name })
      return each.includeSubDepartments
        ? t('function.recipients.subDepartmentsOf', { name: leaders })
        : leaders
    }
    case 'member':
    case 'role':
    case 'organisation-role':
      return name
  }
}

function branchText(item: Json, lookups: ParamLookups): string {
  const read = branch.safeParse(item)
  if (!read.success) return plainText(item, lookups)
  const when = valueWords(read.data.when, lookups)
  return read.data.title ? lookups.t('versions.changes.part', { label: read.data.title, name: when }) : when
}

/** A value as it is typed; what stands for something else is said to do so. */
function valueWords(value: Value, lookups: ParamLookups): string {
  switch (value.kind) {
    case 'fixed':
      return plainText(value.value, lookups)
    case 'variable':
      return lookups.t('versions.changes.variable', { name: withTitles(value.path, lookups) })
    case 'formula': {
      const words = mixedTextWords(value.source)
      if (words !== null) return withTitles(words, lookups)
      return lookups.t('versions.changes.formula', { source: withTitles(value.source, lookups) })
    }
  }
}

/** `nodes.sms1.counts` reads better with the step's title. */
function withTitles(text: string, { titleOf }: ParamLookups): string {
  return text.replace(/\bnodes\.([A-Za-z0-9_-]+)/g, (_, id: string) => `“${titleOf(id)}”`)
}

function plainText(param: Json, lookups: ParamLookups): string {
  if (typeof param === 'string') return param
  if (typeof param === 'boolean') return lookups.t(param ? 'function.typed.yes' : 'function.typed.no')
  if (param === null || typeof param === 'number') return String(param)
  const read = valueSchema.safeParse(param)
  if (read.success) return valueWords(read.data, lookups)
  const json = JSON.stringify(param)
  return json.length > MOST_JSON ? `${json.slice(0, MOST_JSON)}…` : json
}
