import type { Branch } from '../condition/definition.ts'
import { recipient } from '../directory/schema.ts'
import type { ElementKind } from '../graph/function-file.ts'
import type { GraphInput, GraphNode } from '../graph/schema.ts'
import type { Json } from '../json.ts'
import { translate } from '../locales/index.ts'
import type { Locale } from '../locales/index.ts'
import type { OutlineBranch } from './outline.ts'
import { jsonWords } from './value-words.ts'

export interface StatementLookups {
  locale: Locale
  /** What something outside of the graph is called; undefined: it is not known here. */
  nameOf(kind: ElementKind, id: string): string | undefined
  inputs: readonly GraphInput[]
}

export interface StatementText {
  text: string
  /** Parameters that the text tells. */
  told: readonly string[]
}

type Params = GraphNode['params']
type Says = (key: string, facts?: Record<string, string | number>) => string

/** A node as a statement, `for each item in persons`; null: this version has no words for its type. */
export function statementText(node: GraphNode, lookups: StatementLookups): StatementText | null {
  const says: Says = (key, facts) => translate(lookups.locale, `outline.${key}`, facts)
  const { params } = node
  const words = (key: string) => jsonWords(params[key])
  const name = (key: string, missing = '') => (typeof params[key] === 'string' && params[key]) || missing
  const told = (text: string, ...keys: string[]): StatementText => ({ text, told: keys })
  switch (node.type) {
    case 'start':
      return told(startText(lookups.inputs, says))
    case 'comment':
      return told(`// ${name('text').replace(/\s*\n\s*/g, ' ')}`, 'text')
    case 'assign-variable':
      return told(says('assign', { name: name('name'), value: words('value') }), 'name', 'value')
    case 'set-item':
      return told(setItemText(params, says), 'name', 'action', 'key', 'value')
    case 'return':
      return told(
        params['value'] ? says('return', { value: words('value') }) : says('returnNothing'),
        'value',
      )
    case 'condition':
      return told(says('condition'), 'branches')
    case 'loop':
      return told(says('loop', { item: name('item', 'item'), list: words('list') }), 'list', 'item')
    case 'parallel':
      return told(says(params['join'] === 'first' ? 'parallelFirst' : 'parallel'), 'branches', 'join')
    case 'try':
      return told(says('try'))
    case 'wait':
      return waitText(params, says)
    case 'throw-error':
      return told(says('throw', { message: words('message') }), 'message')
    case 'call-function':
      return told(callText(params, says), 'function', 'inputs', 'wait')
    case 'http-request':
      return told(`${name('method', 'GET')} ${words('url')}`, 'method', 'url')
    case 'send-code':
      return told(says('sendCode', { phone: words('phone') }), 'phone')
    case 'check-code':
      return told(says('checkCode', { code: words('code') }), 'code')
    case 'wait-for-delivery':
      return told(says('waitForDelivery', { minutes: Number(params['minutes'] ?? 10) }), 'minutes')
    case 'approval':
      return approvalText(params, lookups, says)
    case 'cc':
      return told(says('cc', { recipients: recipientsWords(params, lookups, says) }), 'recipients')
    case 'find-people':
      return told(says('findPeople', { recipients: recipientsWords(params, lookups, says) }), 'recipients')
    case 'message-notification':
      return told(
        says('notify', { recipients: recipientsWords(params, lookups, says), title: words('title') }),
        'recipients',
        'title',
      )
    case 'sms-notification':
      return smsText(params, lookups, says)
    default:
      return null
  }
}

function startText(inputs: readonly GraphInput[], says: Says): string {
  if (inputs.length === 0) return says('start')
  return says('startWith', { inputs: inputs.map(({ name }) => name).join(', ') })
}

function setItemText(params: Params, says: Says): string {
  const action = params['action'] ?? 'set'
  const key = action === 'append' ? 'append' : action === 'remove' ? 'remove' : 'setItem'
  return says(key, {
    name: typeof params['name'] === 'string' ? params['name'] : '',
    key: jsonWords(params['key']),
    value: jsonWords(params['value']),
  })
}

function waitText(params: Params, says: Says): StatementText {
  if (params['mode'] === 'until') {
    return { text: says('waitUntil', { moment: jsonWords(params['until']) }), told: ['mode', 'until'] }
  }
  const unit = says(`units.${typeof params['unit'] === 'string' ? params['unit'] : 'minutes'}`)
  return {
    text: says('waitFor', { amount: jsonWords(params['amount']), unit }),
    told: ['mode', 'amount', 'unit'],
  }
}

function callText(params: Params, says: Says): string {
  const inputs = Object.entries((params['inputs'] ?? {}) as Record<string, Json>)
    .map(([name, value]) => `${name}: ${jsonWords(value)}`)
    .join(', ')
  const called = typeof params['function'] === 'string' ? params['function'] : ''
  return says(params['wait'] === false ? 'callAndGoOn' : 'call', { name: called, inputs })
}

function smsText(params: Params, lookups: StatementLookups, says: Says): StatementText {
  const named = (kind: ElementKind, key: string) => {
    const id = params[key]
    return typeof id === 'string' && id !== '' ? (lookups.nameOf(kind, id) ?? id) : ''
  }
  const template = named('template', 'template')
  const code = typeof params['templateCode'] === 'string' ? params['templateCode'] : ''
  const text = typeof params['templateText'] === 'string' ? JSON.stringify(params['templateText']) : ''
  const content = template || text || code
  const facts = {
    recipients: recipientsWords(params, lookups, says),
    service: named('service', 'service') || says('noService'),
    content,
  }
  const told = ['recipients', 'service', template ? 'template' : text ? 'templateText' : 'templateCode']
  return { text: says(content ? 'sms' : 'smsWithoutText', facts), told }
}

function approvalText(params: Params, lookups: StatementLookups, says: Says): StatementText {
  const sign = params['sign'] === 'all' || params['sign'] === 'in-order' ? params['sign'] : 'any'
  const key = { any: 'approval', all: 'approvalAll', 'in-order': 'approvalInOrder' }[sign]
  const text = says(key, { recipients: recipientsWords(params, lookups, says) })
  return { text, told: ['recipients', 'sign'] }
}

function recipientsWords(params: Params, lookups: StatementLookups, says: Says): string {
  const recipients = Array.isArray(params['recipients']) ? params['recipients'] : []
  return recipients.map((each) => recipientWords(each, lookups, says)).join(', ') || says('nobody')
}

function recipientWords(item: Json, { nameOf }: StatementLookups, says: Says): string {
  const read = recipient.safeParse(item)
  if (!read.success) return jsonWords(item)
  const each = read.data
  if (each.kind === 'value') return jsonWords(each.value)
  const isLeaders = each.kind === 'leaders'
  const name = nameOf(isLeaders ? 'department' : each.kind, each.id) ?? each.id
  const words = isLeaders ? says('leadersOf', { name }) : name
  const isDeep = 'includeSubDepartments' in each && each.includeSubDepartments
  return isDeep ? says('andBelow', { name: words }) : words
}

/** A way out of a statement as a line of a program: `if severity > 3`, `on error`. */
export function branchText(node: GraphNode, { port }: Pick<OutlineBranch, 'port'>, locale: Locale): string {
  const says: Says = (key, facts) => translate(locale, `outline.${key}`, facts)
  const branches = Array.isArray(node.params['branches'])
    ? (node.params['branches'] as Partial<Branch>[])
    : []
  const place = branches.findIndex((each) => each?.id === port)
  const branch = branches[place]
  if (branch) {
    const title = branch.title ?? ''
    if (node.type !== 'condition') return title || says('branch', { number: place + 1 })
    const when = jsonWords(branch.when)
    const text = says(place === 0 ? 'if' : 'elseIf', { when })
    return title ? `${title}: ${text}` : text
  }
  const known = translate(locale, `outline.ports.${port}`)
  return known === `outline.ports.${port}` ? says('port', { port }) : known
}
