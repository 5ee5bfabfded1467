import { neededPlaceholders } from '../../../nodes/approval/sms-text.ts'
import type { MessageTemplate } from '../../../nodes/message-templates/schema.ts'
import { placeholdersOf } from '../../../nodes/services/sms/template.ts'
import { smsProviders, type SmsServiceSummary } from '../../../nodes/services/sms/settings.ts'
import type { Graph, GraphNode } from '../../../nodes/graph/schema.ts'
import type { Json } from '../../../nodes/json.ts'
import { templateCodesOf } from '../../../nodes/sms-notification/template-codes.ts'
import { value, type Value } from '../../../nodes/values/value.ts'
import { keepUsedVariables } from '../../fields/template-variables.ts'

/** What is typed in the dialog, by parameter. Holds everything, also what the chosen service does not use. */
export type DraftParams = Readonly<Record<string, unknown>>

/**
 * The placeholders of the template in the draft; `null` where its text lives at the provider and was not read yet, or
 * the message template is gone. Of a template for a service that takes over that was not read yet, every variable
 * may be one.
 * @param chain the chosen service and those that take over from it
 * @param template the message template in the draft
 * @param loaded placeholders by service and template code, as read from the provider
 */
export function draftPlaceholders(
  params: DraftParams,
  chain: readonly SmsServiceSummary[],
  template: MessageTemplate | undefined,
  loaded: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  if (params.template !== undefined) return template ? template.placeholders.map(({ name }) => name) : null
  const isText = ({ provider }: SmsServiceSummary) => smsProviders[provider].template === 'text'
  const needsText = chain.length === 0 || chain.some(isText)
  const names = new Set(needsText ? placeholdersOf(String(params.templateText ?? '')) : [])
  for (const { service, code } of templateCodesOf(params, chain)) {
    const known = loaded.get(`${service.id} ${code}`)
    if (!known && service === chain[0]) return null
    if (code === '') continue
    for (const name of known ?? Object.keys(params.variables ?? {})) names.add(name)
  }
  return [...names]
}

/** What a text needs; where it is switched off, nothing of it is kept. */
const textParams = ['service', 'template', 'templateCode', 'failOverCodes', 'templateText', 'variables']

/**
 * What OK saves: emptied texts and missing values are left out, variables that the template does not use, beside a
 * message template a text and code of the node's own, and what a switch that is off does not use.
 * @param given placeholders that are filled by themselves, in a form that has a switch for its text
 */
export function tidyParams(
  params: DraftParams,
  placeholders: readonly string[] | null,
  given: readonly string[] = [],
): GraphNode['params'] {
  const kept = Object.entries(params).filter(([, value]) => value !== undefined && value !== '')
  const tidy = Object.fromEntries(kept) as Record<string, Json>
  const isSwitched = given.length > 0
  if (isSwitched && tidy.sms !== true)
    for (const name of [...textParams, 'smsAfterMinutes', 'smsDecides']) delete tidy[name]
  if ('late' in params || 'lateRecipients' in params) {
    if (tidy.late !== 'transfer') delete tidy.lateRecipients
  }
  const isText = isSwitched || 'recipients' in params
  if (tidy.template !== undefined && isText) {
    delete tidy.templateCode
    delete tidy.templateText
    delete tidy.failOverCodes
  }
  if (tidy.variables && isText) {
    const variables = tidy.variables as unknown as Record<string, Value>
    tidy.variables = keepUsedVariables(placeholders, variables, notAsked(given, tidy)) as unknown as Json
  }
  return tidy
}

/** A code has to be told which of the given placeholders its words have, but for those that all have. */
function notAsked(given: readonly string[], { templateCode }: Record<string, Json>): readonly string[] {
  return templateCode === undefined ? given : given.filter((name) => isNeeded(name))
}
const isNeeded = (name: string) => (neededPlaceholders as readonly string[]).includes(name)

/** The graph as it would be with these parameters: what the checks are run on. */
export function withParams(graph: Graph, nodeId: string, params: GraphNode['params']): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === nodeId ? { ...node, params } : node)) }
}

/**
 * The path of the field that a problem belongs to: a fault inside a value (`variables/device/source`) is shown
 * at the value (`variables/device`).
 */
export function fieldPath(params: DraftParams, path: string): string {
  const parts = path.split('/')
  let place: unknown = params
  for (const [index, part] of parts.entries()) {
    if (value.safeParse(place).success || isHalfValue(place)) return parts.slice(0, index).join('/')
    place = place !== null && typeof place === 'object' ? (place as Record<string, unknown>)[part] : undefined
  }
  return path
}

/** A variable that is not chosen yet, or a formula that is not written yet. */
function isHalfValue(place: unknown): boolean {
  return (
    place !== null && typeof place === 'object' && 'kind' in place && ('path' in place || 'source' in place)
  )
}
