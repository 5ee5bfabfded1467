import type { NodeDefinition } from '../define.ts'
import { canonicalJson } from '../graph/canonical.ts'
import type { Graph, GraphInput, GraphNode } from '../graph/schema.ts'
import { translate } from '../locales/index.ts'
import { outlineOf } from './outline.ts'
import type { OutlineBlock, OutlineBranch, OutlineStatement } from './outline.ts'
import { branchText, statementText } from './statement-text.ts'
import type { StatementLookups } from './statement-text.ts'
import { jsonWords } from './value-words.ts'

const INDENT = '  '

/**
 * A function as readable text, one statement per line: for reviews and diffs. The same function gives the same text;
 * places on the canvas are no part of it, numbers of phones are masked.
 */
export function functionText(
  graph: Graph,
  definitions: readonly NodeDefinition[],
  { locale, nameOf }: Omit<StatementLookups, 'inputs'>,
): string {
  const says = (key: string, facts?: Record<string, string>) => translate(locale, `outline.${key}`, facts)
  const lookups = { locale, nameOf, inputs: graph.inputs }
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  const outline = outlineOf(graph, definitions)
  const named = namedNodes(graph, outline.main, outline.loose)
  const lines: string[] = []

  function writeBlock({ statements, tail }: OutlineBlock, indent: string) {
    for (const statement of statements) writeStatement(statement, indent)
    if (tail?.kind === 'goto') lines.push(indent + says('goOnAt', { node: tail.node }))
    if (tail?.kind === 'end') lines.push(indent + says('end'))
  }

  function writeStatement(statement: OutlineStatement, indent: string) {
    const { node, branches } = statement
    for (const comment of outline.comments.get(node.id) ?? []) writeLine(comment, indent)
    const isBareCondition = node.type === 'condition' && !node.title && !named.has(node.id)
    if (!isBareCondition) writeLine(node, indent)
    const inner = isBareCondition ? indent : indent + INDENT
    const bodies = branches.filter(({ isBody }) => isBody)
    for (const branch of branches) {
      if (branch.isBody && bodies.length === 1) writeBlock(branch.block, inner)
      else writeBranch(statement, branch, inner)
    }
  }

  function writeBranch({ node, next }: OutlineStatement, branch: OutlineBranch, indent: string) {
    const { block, isConnected, isBody, port } = branch
    const isEmpty = block.statements.length === 0 && !block.tail
    const isChoice = next === null
    if (isEmpty && (isChoice ? port === 'otherwise' || !isConnected : !isConnected && !isBody)) return
    lines.push(indent + branchText(node, branch, locale))
    if (isEmpty && isConnected && !isChoice) lines.push(indent + INDENT + says('goOn'))
    else writeBlock(block, indent + INDENT)
  }

  function writeLine(node: GraphNode, indent: string) {
    const found = statementText(node, lookups)
    const text = found?.text ?? says('run', { type: node.type })
    const titled = node.title ? `${node.title}: ${text}` : text
    lines.push(indent + titled + (named.has(node.id) ? `  #${node.id}` : ''))
    const untold = untoldParams(node, byType.get(node.type), found?.told ?? [])
    for (const [key, words] of untold) lines.push(indent + INDENT + says('with', { key, value: words }))
  }

  lines.push(says('function', { name: graph.name, title: graph.title }))
  if (graph.description) lines.push(...graph.description.split('\n').map((line) => `${INDENT}// ${line}`))
  for (const input of graph.inputs) lines.push(INDENT + inputText(input, says))
  lines.push('')
  writeBlock(outline.main, '')
  for (const block of outline.loose) {
    lines.push('', says('notConnected'))
    writeBlock(block, INDENT)
  }
  if (outline.looseComments.length > 0) lines.push('')
  for (const comment of outline.looseComments) writeLine(comment, '')
  return `${lines.join('\n')}\n`
}

function inputText(
  { name, type, required, default: preset }: GraphInput,
  says: (key: string, facts: Record<string, string>) => string,
): string {
  const text = says(required ? 'inputRequired' : 'input', { name, type })
  return preset === undefined ? text : `${text} = ${jsonWords(preset)}`
}

/** Nodes that other lines speak of by their id. */
function namedNodes(graph: Graph, main: OutlineBlock, loose: readonly OutlineBlock[]): ReadonlySet<string> {
  const named = new Set<string>()
  for (const { params } of graph.nodes) {
    for (const [, id] of JSON.stringify(params).matchAll(/\bnodes\.([A-Za-z0-9_-]+)/g)) named.add(id!)
  }
  const visit = ({ statements, tail }: OutlineBlock) => {
    if (tail?.kind === 'goto') named.add(tail.node)
    for (const { branches } of statements) for (const { block } of branches) visit(block)
  }
  for (const block of [main, ...loose]) visit(block)
  return named
}

/** Parameters besides those in the statement that are not what a new node has anyway, in the order of the dialog. */
function untoldParams(
  { params, onError: _ }: GraphNode,
  definition: NodeDefinition | undefined,
  told: readonly string[],
): [string, string][] {
  const keys = [...new Set([...Object.keys(definition?.params.shape ?? {}), ...Object.keys(params).sort()])]
  const presets = presetsOf(definition)
  return keys.flatMap((key): [string, string][] => {
    const param = params[key]
    if (told.includes(key) || param === undefined) return []
    if (canonicalJson(param) === canonicalJson(presets[key])) return []
    return [[key, jsonWords(param)]]
  })
}

function presetsOf(definition: NodeDefinition | undefined): Record<string, unknown> {
  if (!definition) return {}
  return Object.fromEntries(
    Object.entries(definition.params.shape).map(([key, field]) => {
      const preset = field.safeParse(undefined)
      return [key, preset.success ? preset.data : undefined]
    }),
  )
}
