import { processSettings } from '../../../../nodes/approval/process.ts'
import type { NodeDefinition } from '../../../../nodes/define.ts'
import type { GraphDifference, NodeChange, ParamChange } from '../../../../nodes/graph/diff-graphs.ts'
import type { Graph, GraphInput, GraphNode } from '../../../../nodes/graph/schema.ts'
import type { Json } from '../../../../nodes/json.ts'
import { valueText } from '../../../fields/value-text.ts'
import { formFields, type FormField } from '../../../forms/form-fields.ts'
import type { Translate } from '../../../i18n/index.ts'
import { portLabel } from '../../../node-types/port-label.ts'
import { paramText, type ParamLookups } from './param-text.ts'

/** One line of a comparison: what it is about, and what it was and is. */
export interface ChangeRow {
  key: string
  kind: 'added' | 'removed' | 'changed'
  title: string
  /** The node that a click leads to. */
  nodeId?: string
  /** An empty text: there was, or is, nothing. */
  details: { label: string; before: string; after: string }[]
}

export interface ChangeLookups extends Omit<ParamLookups, 'titleOf'> {
  definitions: readonly NodeDefinition[]
}

/** A comparison in the words of the canvas and of Set Parameters. */
export function changeRows(
  difference: GraphDifference,
  before: Graph,
  after: Graph,
  lookups: ChangeLookups,
): ChangeRow[] {
  const { t, has } = lookups
  const former = new Map(before.nodes.map((node) => [node.id, node]))
  const present = new Map(after.nodes.map((node) => [node.id, node]))
  const nodeOf = (id: string) => present.get(id) ?? former.get(id)
  const titleOf = (id: string) => {
    const node = nodeOf(id)
    return node ? nodeTitle(node, t, has) : id
  }
  const all = { ...lookups, titleOf }

  const head: ChangeRow[] = []
  if (difference.isRenamed) {
    head.push(changed('title', t('versions.changes.title'), before.title, after.title))
  }
  if (difference.isDescribed) {
    head.push(
      changed('description', t('versions.changes.description'), before.description, after.description),
    )
  }
  if (difference.isHistory) {
    const text = ({ history }: Graph) => t(`function.settings.history.${history ?? 'all'}`)
    head.push(changed('history', t('versions.changes.history'), text(before), text(after)))
  }
  if (difference.isOnError) {
    const text = ({ onErrorFunction = '' }: Graph) => onErrorFunction
    head.push(changed('on error', t('versions.changes.onError'), text(before), text(after)))
  }
  if (difference.process.length > 0) {
    const details = paramDetails(difference.process, 'process', formFields(processSettings), all)
    head.push({ key: 'process', kind: 'changed', title: t('approvals.settings'), details })
  }
  const inputs = difference.inputs.map((change): ChangeRow => {
    const title = t('versions.changes.input', { name: change.input.title || change.input.name })
    const details = change.kind === 'changed' ? inputDetails(change.before, change.input, all) : []
    return { key: `input ${change.input.name}`, kind: change.kind, title, details }
  })
  if (difference.isInputOrder) {
    const names = (graph: Graph) => graph.inputs.map((input) => input.title || input.name).join(', ')
    inputs.push(changed('input order', t('versions.changes.inputOrder'), names(before), names(after)))
  }
  const nodes = difference.nodes.map((change) => nodeRow(change, all))
  const flow = difference.flow.map(({ from, before: was, after: is }): ChangeRow => {
    const node = nodeOf(from.node)
    const port = node ? portLabel(node, from.port, t) : from.port
    return {
      key: `flow ${from.node} ${from.port}`,
      kind: was === null ? 'added' : is === null ? 'removed' : 'changed',
      title: t('versions.changes.flow', { node: titleOf(from.node), port }),
      nodeId: from.node,
      details: [
        {
          label: t('versions.changes.leadsTo'),
          before: was === null ? '' : titleOf(was),
          after: is === null ? '' : titleOf(is),
        },
      ],
    }
  })
  const moved: ChangeRow[] = []
  if (difference.moved.length > 0) {
    const title = t('versions.changes.moved', { count: difference.moved.length })
    moved.push({ key: 'moved', kind: 'changed', title, details: [] })
  }
  return [...head, ...inputs, ...nodes, ...flow, ...moved]
}

function changed(key: string, title: string, before: string, after: string): ChangeRow {
  return { key, kind: 'changed', title, details: [{ label: '', before, after }] }
}

function nodeTitle(node: GraphNode, t: Translate, has: (key: string) => boolean): string {
  const key = `nodes.${node.type}.title` as const
  return node.title || (has(key) ? t(key) : node.type)
}

function nodeRow(change: NodeChange, lookups: ParamLookups & ChangeLookups): ChangeRow {
  const { t, has, definitions } = lookups
  const { kind, node } = change
  const row = { key: `node ${node.id} ${kind}`, kind, title: nodeTitle(node, t, has), nodeId: node.id }
  if (change.kind !== 'changed') return { ...row, details: [] }
  const renamed = {
    label: t('function.params.nodeTitle'),
    before: nodeTitle(change.before, t, has),
    after: row.title,
  }
  const definition = definitions.find((each) => each.type === node.type)
  const fields = definition ? formFields(definition.params) : []
  const details = paramDetails(change.params, node.type, fields, lookups)
  return { ...row, details: change.isRenamed ? [renamed, ...details] : details }
}

/** @param type whose texts name the parameters */
function paramDetails(
  params: readonly ParamChange[],
  type: string,
  fields: readonly FormField[],
  lookups: ParamLookups,
): ChangeRow['details'] {
  return params.map((param) => {
    const field = fields.find(({ name }) => name === param.path[0])
    return {
      label: paramLabel(type, param, lookups),
      ...(param.isOrder
        ? { before: '', after: lookups.t('versions.changes.order') }
        : {
            before: paramText(field, param.path, param.before, type, lookups),
            after: paramText(field, param.path, param.after, type, lookups),
          }),
    }
  })
}

/** `Recipients`, or of a record's part with its key: `Template variables: device`. */
function paramLabel(
  type: string,
  { path, isOrder, before, after }: ParamChange,
  lookups: ParamLookups,
): string {
  const { t, has } = lookups
  const [name = '', ...parts] = path
  const key = `nodes.${type}.params.${name}.label` as const
  const label = has(key) ? t(key) : name
  // the codes of services that take over stand under the id of each
  const partName = (part: string) => lookups.services.find(({ id }) => id === part)?.name ?? part
  // items of a list have no name of their own: they are named by what they hold
  const isItem = [before, after].some((each) => typeof each === 'object' && each !== null && 'id' in each)
  return parts.length === 0 || isOrder || isItem || parts[0]!.startsWith('{')
    ? label
    : t('versions.changes.part', { label, name: parts.map(partName).join(' / ') })
}

function inputDetails(before: GraphInput, after: GraphInput, { t }: ParamLookups): ChangeRow['details'] {
  const yesNo = (value: boolean) => t(value ? 'function.typed.yes' : 'function.typed.no')
  const text = (value: Json | undefined) => (value === undefined ? '' : valueText({ kind: 'fixed', value }))
  const parts = [
    { label: t('function.inputs.label'), of: (input: GraphInput) => input.title },
    { label: t('function.inputs.type'), of: (input: GraphInput) => t(`function.types.${input.type}`) },
    { label: t('function.inputs.required'), of: (input: GraphInput) => yesNo(input.required) },
    { label: t('function.inputs.default'), of: (input: GraphInput) => text(input.default) },
  ]
  return parts
    .map(({ label, of }) => ({ label, before: of(before), after: of(after) }))
    .filter((part) => part.before !== part.after)
}
